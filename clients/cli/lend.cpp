// SPDX-License-Identifier: MIT
// lend, lends, unlend
#include <fmt/format.h>

#include <filesystem>

#include "clients/cli/commands.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

struct LendWish {
  std::vector<std::string> names;
  std::string time, socket;
  bool read_only = false;
};

void lend(Context& context, const LendWish& wish) {
  json::object params{{"connections", json::value_from(wish.names)}, {"read_only", wish.read_only}};
  if (!wish.time.empty()) params["for"] = wish.time;
  // The daemon works in another folder.
  if (!wish.socket.empty()) params["socket"] = std::filesystem::absolute(wish.socket).string();
  const json::value reply = context.call("lend.start", std::move(params));
  if (context.json_output) return print(reply);
  const json::value& lent = reply.at("lend");
  print(fmt::format("{}  {}\n", text(lent, "id"), clean(text(lent, "socket"))));
  if (wish.read_only) complain("git gets no token there: it cannot tell a fetch from a push. Lists work.");
}

void show_lends(Context& context) {
  const json::value reply = context.call("lend.list");
  if (context.json_output) return print(reply);
  const json::array& lends = reply.at("lends").as_array();
  if (lends.empty()) return print(std::string("Nothing is lent.\n"));
  Table table({"ID", "CONNECTIONS", "UNTIL", "SOCKET"});
  for (const json::value& lent : lends) {
    std::string names;
    for (const json::value& id : lent.at("connections").as_array()) {
      auto found = context.try_call("connection.get", {{"connection", id}}, std::chrono::seconds(10));
      const auto* known = std::get_if<json::value>(&found);
      names += (names.empty() ? "" : ", ") +
               (known != nullptr ? text(known->at("connection"), "name") : std::string(id.as_string()));
    }
    const bool lists_only = text(lent, "read_only") == "true";
    table.add({text(lent, "id"), names + (lists_only ? " (lists only)" : ""), text(lent, "expires_at"),
               text(lent, "socket")});
  }
  print(table.text());
}

void unlend(Context& context, const std::string& id) {
  const json::value reply = context.call("lend.end", {{"lend", id}});
  if (context.json_output) return print(reply);
  print(std::string("Lent no more.\n"));
}

}  // namespace

void declare_lend(CLI::App& app, Context& context) {
  static LendWish wish;
  static std::string id;
  CLI::App* c = command(app, context, "lend", "Lend connections to a container or another machine");
  c->add_option("NAME", wish.names, "The connections")->required();
  c->add_option("--for", wish.time, "How long: 30min, 8h (if left out), 2d")->type_name("TIME");
  c->add_option("--socket", wish.socket, "Where; a path at which nothing is")->type_name("PATH");
  c->add_flag("--read-only", wish.read_only, "Lists only; git gets no token");
  c->callback([&context] { lend(context, wish); });

  c = command(app, context, "lends", "Show what is lent");
  c->callback([&context] { show_lends(context); });

  c = command(app, context, "unlend", "End what is lent");
  c->add_option("ID", id, "As forgelink lends shows it")->required();
  c->callback([&context] { unlend(context, id); });
}

}  // namespace forgelink::cli
