// SPDX-License-Identifier: MIT
// lend, lends, unlend
#include <fmt/format.h>

#include <filesystem>

#include "clients/cli/access_words.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/lend_end.hpp"
#include "ipc/protocol/lend_list.hpp"
#include "ipc/protocol/lend_start.hpp"

namespace forgelink::cli {
namespace {

struct LendWish {
  std::vector<std::string> names;
  std::string time, socket;
  bool read_only = false;
};

void lend(Context& context, const LendWish& wish) {
  protocol::LendStart::Params params{.connections = wish.names, .read_only = wish.read_only};
  if (!wish.time.empty()) params.time = wish.time;
  // The daemon works in another folder.
  if (!wish.socket.empty()) params.socket = {.value = std::filesystem::absolute(wish.socket).string()};
  const auto [json, reply] = context.call<protocol::LendStart>(std::move(params));
  if (context.json_output) return print(json);
  print(fmt::format("{}  {}\n", reply.lend.id, clean(reply.lend.socket)));
  if (wish.read_only) complain("git gets no token there: it cannot tell a fetch from a push. Lists work.");
}

void show_lends(Context& context) {
  const auto [json, reply] = context.call<protocol::LendList>();
  if (context.json_output) return print(json);
  if (reply.lends.empty()) return print(std::string("Nothing is lent.\n"));
  Table table({"ID", "CONNECTIONS", "UNTIL", "SOCKET"});
  for (const protocol::LendView& lent : reply.lends) {
    std::string names;
    for (const std::string& id : lent.connections)
      names += (names.empty() ? "" : ", ") + name_of_connection(context, id);
    table.add(
        {lent.id, names + (lent.read_only ? " (lists only)" : ""), rfc3339(lent.expires_at), lent.socket});
  }
  print(table.text());
}

void unlend(Context& context, const std::string& id) {
  const auto [json, reply] = context.call<protocol::LendEnd>({.lend = id});
  if (context.json_output) return print(json);
  print(std::string("Ended the lend.\n"));
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
