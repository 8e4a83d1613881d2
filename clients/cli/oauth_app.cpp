// SPDX-License-Identifier: MIT
// oauth-app set|list|remove
#include <fmt/format.h>

#include <optional>

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

void set_app(Context& context, const App& app) {
  protocol::OAuthAppSet::Params params{
      .type = app.type, .client_id = app.client_id, .server_url = app.server};
  if (app.secret_stdin) params.client_secret = read_secret_from_stdin();
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
  c->add_option("--client-id", wanted.client_id, "Its client id")->required();
  c->add_flag("--secret-stdin", wanted.secret_stdin, "Read its client secret from standard input");
  c->callback([&] { set_app(context, wanted); });

  c = command(*group, context, "list", "List the apps, and where each comes from");
  c->callback([&] { list_apps(context); });

  c = command(*group, context, "remove", "Remove an app and its secret");
  declare_place(*c, wanted);
  c->callback([&] { remove_app(context, wanted); });
}

}  // namespace forgelink::cli
