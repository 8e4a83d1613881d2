// SPDX-License-Identifier: MIT
// oauth-app set|list|remove
#include <fmt/format.h>

#include <optional>

#include "clients/cli/commands.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"

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

json::object params_of(const App& app) {
  json::object params{{"type", app.type}};
  if (app.server) params["server_url"] = *app.server;
  return params;
}

void set_app(Context& context, const App& app) {
  json::object params = params_of(app);
  params["client_id"] = app.client_id;
  if (app.secret_stdin) params["client_secret"] = read_secret_from_stdin().reveal();
  const json::value reply = context.call("oauth_app.set", std::move(params));
  if (context.json_output) return print(reply);
  print(fmt::format("Set the OAuth app of {} to {}{}.\n", named(app), clean(app.client_id),
                    text(reply, "has_secret") == "true" ? "" : ", without a client secret"));
}

void list_apps(Context& context) {
  const json::value reply = context.call("oauth_app.list");
  if (context.json_output) return print(reply);
  const json::array& apps = reply.at("apps").as_array();
  if (apps.empty())
    return print(
        std::string("There is no OAuth app yet. forgelink add NAME --type TYPE --sign-in says how to "
                    "make one.\n"));
  Table table({"TYPE", "SERVER", "CLIENT ID", "SECRET", "FROM"});
  for (const json::value& app : apps) {
    table.add({text(app, "type"), text(app, "server_url"), text(app, "client_id"),
               text(app, "has_secret") == "true" ? "yes" : "no", text(app, "from")});
  }
  print(table.text());
}

void remove_app(Context& context, const App& app) {
  const json::value reply = context.call("oauth_app.remove", params_of(app));
  if (context.json_output) return print(reply);
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
  CLI::App* group = app.add_subcommand("oauth-app", "The OAuth apps that sign people in");
  group->require_subcommand(1);

  CLI::App* c = command(*group, context, "set", "Say which app signs people in");
  declare_place(*c, wanted);
  c->add_option("--client-id", wanted.client_id, "Its client id")->required();
  c->add_flag("--secret-stdin", wanted.secret_stdin, "Read its client secret from standard input");
  c->callback([&] { set_app(context, wanted); });

  c = command(*group, context, "list", "List the apps, and where each comes from");
  c->callback([&] { list_apps(context); });

  c = command(*group, context, "remove", "Forget an app and its secret");
  declare_place(*c, wanted);
  c->callback([&] { remove_app(context, wanted); });
}

}  // namespace forgelink::cli
