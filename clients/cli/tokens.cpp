// SPDX-License-Identifier: MIT
// remove, revoke, renew
#include <fmt/format.h>

#include <optional>

#include "clients/cli/commands.hpp"
#include "clients/cli/show.hpp"
#include "clients/cli/terminal.hpp"
#include "clients/cli/types.hpp"
#include "ipc/protocol/connection_get.hpp"
#include "ipc/protocol/connection_remove.hpp"
#include "ipc/protocol/token_renew.hpp"
#include "ipc/protocol/token_revoke.hpp"

namespace forgelink::cli {
namespace {

// What the forge does beside ending the token, as a mail to its owner: said before it is asked.
std::string caution_of(Context& context, const std::string& name) {
  const auto connection = context.call<protocol::ConnectionGet>({.connection = name}).reply.connection;
  const std::vector<TypeView> types = all_types(context);
  const TypeView* type = type_named(types, connection.type);
  return type != nullptr ? type->revoke_caution.value_or("") : "";
}

// On a terminal the person may still say no; elsewhere it is printed and done.
void confirm(Context& context, const std::string& question, const std::string& caution, bool yes) {
  if (!caution.empty() && !context.json_output) complain(caution);
  if (yes || context.json_output || !stdin_is_terminal()) return;
  if (!ask_yes_no(question, false)) throw Exit{1};
}

// Tells what became of the token at the forge, and where to go if nothing did.
template <class Reply>
void tell_revocation(const Reply& reply) {
  if (reply.revocation == "revoked") print(std::string("The token is revoked at the forge.\n"));
  if (reply.revocation == "unsupported")
    print(fmt::format("The token is not revoked: {} End it there:\n  {}\n", clean(reply.message.value_or("")),
                      clean(reply.url.value_or(""))));
}

void remove(Context& context, const std::string& name, bool yes, bool revoke, bool force) {
  if (!yes && !context.json_output && stdin_is_terminal())
    context.call<protocol::ConnectionGet>({.connection = name});  // refuses what is not there
  const std::string caution = revoke ? caution_of(context, name) : "";
  confirm(
      context,
      fmt::format("Remove “{}” and its token{}?", clean(name), revoke ? ", and revoke it at the forge" : ""),
      caution, yes);
  const auto [json, reply] =
      context.call<protocol::ConnectionRemove>({.connection = name, .revoke = revoke, .force = force});
  if (context.json_output) print(json);
  if (!reply.removed) {
    complain(fmt::format("“{}” is not removed, since its token could not be revoked: {}", name,
                         reply.message.value_or("")));
    std::fprintf(stderr, "  Try again later, or remove it all the same with --force.\n");
    throw Exit{1};
  }
  if (context.json_output) return;
  tell_revocation(reply);
  print(fmt::format("Removed connection “{}”.\n", clean(name)));
}

void revoke(Context& context, const std::string& name, bool yes) {
  confirm(context, fmt::format("Revoke the token of “{}” at the forge?", clean(name)),
          caution_of(context, name), yes);
  const auto [json, reply] = context.call<protocol::TokenRevoke>({.connection = name});
  if (context.json_output) print(json);
  if (reply.revocation == "failed") {
    complain(fmt::format("The token of “{}” could not be revoked: {}", name, reply.message.value_or("")));
    throw Exit{1};
  }
  if (!context.json_output) tell_revocation(reply);
  if (reply.revocation != "revoked") throw Exit{1};
}

void renew(Context& context, const std::string& name, const std::optional<std::string>& expires) {
  protocol::TokenRenew::Params params{.connection = name};
  if (expires) params.expires_at = context.time_typed("expires_at", *expires);
  const auto [json, reply] = context.call<protocol::TokenRenew>(std::move(params));
  if (context.json_output) return print(json);
  print(fmt::format("Renewed the token of “{}”.\n\n{}", clean(name),
                    connection_in_words(reply.connection, all_types(context))));
}

}  // namespace

void declare_tokens(CLI::App& app, Context& context) {
  static std::string name;
  static std::optional<std::string> expires;
  static bool yes = false, with_revoke = false, force = false;

  CLI::App* c = command(app, context, "remove", "Remove a connection and its token");
  c->add_option("NAME", name, "Its name or id")->required();
  c->add_flag("--yes,-y", yes, "Do not ask");
  auto* revoke_flag = c->add_flag("--revoke", with_revoke, "End the token at the forge as well");
  c->add_flag("--force", force, "Remove it even if the token could not be revoked")->needs(revoke_flag);
  c->callback([&] { remove(context, name, yes, with_revoke, force); });

  c = command(app, context, "revoke", "End a connection's token at the forge, and keep the connection");
  c->add_option("NAME", name, "Its name or id")->required();
  c->add_flag("--yes,-y", yes, "Do not ask");
  c->callback([&] { revoke(context, name, yes); });

  c = command(app, context, "renew", "Rotate a connection's token: get a new one for it");
  c->add_option("NAME", name, "Its name or id")->required();
  c->add_option("--expires", expires, "The day on which the new one ends")->type_name("DATE");
  c->callback([&] { renew(context, name, expires); });
}

}  // namespace forgelink::cli
