// SPDX-License-Identifier: MIT
// remove, revoke, renew
#include <fmt/format.h>

#include <optional>

#include "clients/cli/commands.hpp"
#include "clients/cli/show.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/connection_reply.hpp"
#include "ipc/protocol/type_list.hpp"

namespace forgelink::cli {
namespace {

// What the forge does beside ending the token, as a mail to its owner: said before it is asked.
std::string caution_of(Context& context, const std::string& name) {
  const json::value connection = context.call("connection.get", {{"connection", name}}).at("connection");
  const json::value types = context.call("type.list");
  for (const json::value& type : types.at("types").as_array()) {
    if (text(type, "id") == text(connection, "type")) return text(type, "revoke_caution");
  }
  return "";
}

// On a terminal the person may still say no; elsewhere it is printed and done.
void confirm(Context& context, const std::string& question, const std::string& caution, bool yes) {
  if (!caution.empty() && !context.json_output) complain(caution);
  if (yes || context.json_output || !stdin_is_terminal()) return;
  if (!ask_yes_no(question, false)) throw Exit{1};
}

// Tells what became of the token at the forge, and where to go if nothing did.
void tell_revocation(const json::value& reply) {
  const std::string revocation = text(reply, "revocation"), url = text(reply, "url");
  if (revocation == "revoked") print(std::string("The token is revoked at the forge.\n"));
  if (revocation == "unsupported")
    print(fmt::format("The token is not revoked: {} End it there:\n  {}\n", clean(text(reply, "message")),
                      clean(url)));
}

void remove(Context& context, const std::string& name, bool yes, bool revoke, bool force) {
  if (!yes && !context.json_output && stdin_is_terminal())
    context.call("connection.get", {{"connection", name}});
  const std::string caution = revoke ? caution_of(context, name) : "";
  confirm(
      context,
      fmt::format("Remove “{}” and its token{}?", clean(name), revoke ? ", and revoke it at the forge" : ""),
      caution, yes);
  const json::value reply =
      context.call("connection.remove", {{"connection", name}, {"revoke", revoke}, {"force", force}});
  if (context.json_output) print(reply);
  if (member(reply, "removed") == nullptr) {
    complain(fmt::format("“{}” is not removed, since its token could not be revoked: {}", name,
                         text(reply, "message")));
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
  const json::value reply = context.call("token.revoke", {{"connection", name}});
  if (context.json_output) print(reply);
  if (text(reply, "revocation") == "failed") {
    complain(fmt::format("The token of “{}” could not be revoked: {}", name, text(reply, "message")));
    throw Exit{1};
  }
  if (!context.json_output) tell_revocation(reply);
  if (text(reply, "revocation") != "revoked") throw Exit{1};
}

void renew(Context& context, const std::string& name, const std::optional<std::string>& expires) {
  json::object params{{"connection", name}};
  if (expires) params["expires_at"] = *expires;
  const json::value json = context.call("token.renew", std::move(params));
  if (context.json_output) return print(json);
  const Result<protocol::ConnectionReply> reply = ipc::reply_of<protocol::ConnectionReply>(json);
  if (!reply) context.refuse(reply.error());
  print(fmt::format("Renewed the token of “{}”.\n\n{}", clean(name),
                    connection_in_words(reply->connection, context.call<protocol::TypeList>().reply.types)));
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

  c = command(app, context, "renew", "Trade a connection's token for a new one");
  c->add_option("NAME", name, "Its name or id")->required();
  c->add_option("--expires", expires, "The day on which the new one ends")->type_name("DATE");
  c->callback([&] { renew(context, name, expires); });
}

}  // namespace forgelink::cli
