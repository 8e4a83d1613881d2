// SPDX-License-Identifier: MIT
// oauth-app set|list|remove
#include <fmt/format.h>

#include <optional>

#include "base/text.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/oauth_app_list.hpp"
#include "ipc/protocol/oauth_app_remove.hpp"
#include "ipc/protocol/oauth_app_set.hpp"

namespace forgelink::cli {
namespace {

struct App {
  std::string type, client_id;
  std::optional<std::string> server;
  bool secret_stdin = false;
};

std::string named(const App& app) {
  return app.server ? fmt::format("{} at {}", clean(app.type), clean(*app.server)) : clean(app.type);
}

// On a terminal what is missing is asked for. Who names the id says by --secret-stdin if there is a secret.
void ask_for_app(const Context& context, App& app, std::optional<Secret>& secret) {
  if (!app.client_id.empty()) return;
  if (context.json_output || !stdin_is_terminal()) context.misused("--client-id is missing.");
  while (app.client_id.empty()) {
    const auto answer = ask("Client id: ");
    if (!answer) throw Exit{1};
    app.client_id = trimmed(*answer);
  }
  if (app.secret_stdin) return;
  secret = ask_secretly("Client secret (it is not shown; empty if the app has none): ");
  if (secret && secret->empty()) secret.reset();
}

void set_app(Context& context, App app) {
  std::optional<Secret> secret;
  ask_for_app(context, app, secret);
  if (app.secret_stdin) secret = read_secret_from_stdin("Client secret");
  protocol::OAuthAppSet::Params params{.type = app.type,
                                       .client_id = app.client_id,
                                       .server_url = app.server,
                                       .client_secret = std::move(secret)};
  const auto [json, reply] = context.call<protocol::OAuthAppSet>(std::move(params));
  if (context.json_output) return print(json);
  print(fmt::format("Set the OAuth app of {} to {}{}.\n", named(app), clean(app.client_id),
                    reply.has_secret ? "" : ", without a client secret"));
}

void list_apps(Context& context) {
  const auto [json, reply] = context.call<protocol::OAuthAppList>();
  if (context.json_output) return print(json);
  if (reply.apps.empty())
    return print(
        std::string("There is no OAuth app yet. forgelink add NAME --type TYPE --sign-in says how to "
                    "make one.\n"));
  Table table({"TYPE", "SERVER", "CLIENT ID", "SECRET", "FROM"});
  for (const auto& app : reply.apps) {
    table.add({app.type.value_or(""), app.server_url.value_or(""), app.client_id,
               app.has_secret ? "yes" : "no", app.from});
  }
  print(table.text());
}

void remove_app(Context& context, const App& app) {
  const auto [json, reply] =
      context.call<protocol::OAuthAppRemove>({.type = app.type, .server_url = app.server});
  if (context.json_output) return print(json);
  print(fmt::format("Removed the OAuth app of {}.\n", named(app)));
}

void declare_place(CLI::App& command, App& app) {
  command.add_option("TYPE", app.type, "The type of connection; forgelink types lists them")->required();
  command.add_option("--server", app.server, "The self-hosted server that it is registered on")
      ->type_name("URL");
}

}  // namespace

void declare_oauth_app(CLI::App& app, Context& context) {
  static App wanted;
  CLI::App* group = app.add_subcommand("oauth-app", "Manage the OAuth apps for sign-ins");
  group->require_subcommand(1);

  CLI::App* c = command(*group, context, "set", "Set the app for sign-ins");
  declare_place(*c, wanted);
  c->add_option("--client-id", wanted.client_id, "Its client id; asked for on a terminal");
  c->add_flag("--secret-stdin", wanted.secret_stdin, "Read its client secret from standard input");
  c->callback([&] { set_app(context, wanted); });

  c = command(*group, context, "list", "List the apps, and where each comes from");
  c->callback([&] { list_apps(context); });

  c = command(*group, context, "remove", "Remove an app and its secret");
  declare_place(*c, wanted);
  c->callback([&] { remove_app(context, wanted); });
}

}  // namespace forgelink::cli
