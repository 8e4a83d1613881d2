// SPDX-License-Identifier: MIT
// list, show, verify, purge
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "clients/cli/access_words.hpp"
#include "clients/cli/arguments.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/rules.hpp"
#include "clients/cli/show.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/connection_get.hpp"
#include "ipc/protocol/connection_list.hpp"
#include "ipc/protocol/connection_verify.hpp"
#include "ipc/protocol/rule_list.hpp"
#include "ipc/protocol/token_purge.hpp"
#include "ipc/protocol/type_list.hpp"

namespace forgelink::cli {
namespace {

// All pages, or up to `limit` (0: no limit), as connection.list gives them.
Answer<protocol::ConnectionList> pages_of_connections(Context& context, const std::string& type,
                                                      std::int64_t limit) {
  Answer<protocol::ConnectionList> all;
  json::array raw;
  do {
    protocol::ConnectionList::Params params;
    const auto had = static_cast<std::int64_t>(raw.size());
    params.limit.value = limit > 0 ? std::min(ipc::Limit::most, limit - had) : ipc::Limit::most;
    if (all.reply.next_cursor) params.cursor = {.value = *all.reply.next_cursor};
    if (!type.empty()) params.type = type;
    auto page = context.call<protocol::ConnectionList>(std::move(params));
    append_list(page.json, "connections", raw);
    for (auto& connection : page.reply.connections) all.reply.connections.push_back(std::move(connection));
    all.reply.next_cursor = std::move(page.reply.next_cursor);
    all.reply.total = page.reply.total;
  } while (all.reply.next_cursor && (limit <= 0 || static_cast<std::int64_t>(raw.size()) < limit));
  all.json = {{"connections", std::move(raw)},
              {"next_cursor", json::value_from(all.reply.next_cursor)},
              {"total", all.reply.total}};
  return all;
}

// How many rules name each connection, by its id.
std::map<std::string, int> rules_by_connection(Context& context) {
  std::map<std::string, int> counts;
  for (const auto& rule : context.call<protocol::RuleList>().reply.rules) ++counts[rule.connection];
  return counts;
}

void list(Context& context, const std::string& type, std::int64_t limit) {
  const auto [json, reply] = pages_of_connections(context, type, limit);
  if (context.json_output) return print(json);
  if (reply.connections.empty())
    return print(
        std::string("There is no connection yet. Create one with: forgelink add NAME --type TYPE\n"));
  const std::map<std::string, int> rules = rules_by_connection(context);
  const bool some_ask = std::any_of(reply.connections.begin(), reply.connections.end(),
                                    [](const auto& c) { return c.access == "ask"; });
  std::vector<std::string> headings{"NAME", "TYPE", "ACCOUNT", "TOKEN", "KEPT", "USED"};
  if (some_ask) headings.emplace_back("ACCESS");
  if (!rules.empty()) headings.emplace_back("RULES");
  Table table(std::move(headings));
  table.color(3, token_color);
  for (const protocol::ConnectionView& connection : reply.connections) {
    const std::string login = connection.account ? connection.account->login.value_or("") : "";
    std::vector<std::string> row{connection.name,
                                 connection.type,
                                 login.empty() ? connection.username.value_or("") : login,
                                 token_in_words(connection),
                                 connection.retention,
                                 day_of(connection.last_used_at)};
    if (some_ask) row.push_back(connection.access);
    const auto found = rules.find(connection.id);
    if (!rules.empty()) row.push_back(found != rules.end() ? std::to_string(found->second) : "");
    table.add(std::move(row));
  }
  print(table.text());
  tell_lock(context);
}

template <class Method>
void show(Context& context, const std::string& name) {
  const auto [json, reply] = context.call<Method>({.connection = name});
  if (context.json_output) return print(json);
  print(connection_in_words(reply.connection, context.call<protocol::TypeList>().reply.types));
  const auto rules = context.call<protocol::RuleList>({.connection = reply.connection.id}).reply.rules;
  for (const auto& rule : rules) print(fmt::format("{:<15}{}\n", "Used for", clean(rule_in_words(rule))));
  tell_lock(context);
}

void purge(Context& context, bool all, const std::string& name) {
  protocol::TokenPurge::Params params{.scope = all ? "all" : name.empty() ? "session" : "connection"};
  if (!name.empty()) params.connection = name;
  const auto [json, reply] = context.call<protocol::TokenPurge>(std::move(params));
  if (context.json_output) return print(json);
  const std::size_t count = reply.purged.size();
  print(count == 0 ? std::string("There was no token to purge.\n")
                   : fmt::format("Purged {}. Configure a connection again with: forgelink edit NAME\n",
                                 count == 1 ? "1 token" : fmt::format("{} tokens", count)));
}

}  // namespace

CLI::App* command(CLI::App& app, Context& context, const std::string& name, const std::string& summary) {
  CLI::App* made = app.add_subcommand(name, summary);
  made->add_flag("--json", context.json_output, "Print the protocol's own JSON");
  return made;
}

void declare_connections(CLI::App& app, Context& context) {
  static std::string name, type;
  static std::int64_t limit = 0;
  static bool all = false, of_session = false;

  CLI::App* c = command(app, context, "list", "List all connections");
  c->add_option("--type", type, "Only those of this type");
  counted(c->add_option("--limit", limit, "At most so many"), context);
  c->callback([&] { list(context, type, limit); });

  c = command(app, context, "show", "Show all about one connection");
  c->add_option("NAME", name, "Its name or id")->required();
  c->callback([&] { show<protocol::ConnectionGet>(context, name); });

  c = command(app, context, "verify", "Ask the forge about a connection's token now");
  c->add_option("NAME", name, "Its name or id")->required();
  c->callback([&] { show<protocol::ConnectionVerify>(context, name); });

  c = command(app, context, "purge", "Purge tokens and keep their connections");
  auto* one = c->add_option("NAME", name, "Only this connection's");
  auto* session_flag =
      c->add_flag("--session", of_session, "Those that end with the session (the default without an option)");
  c->add_flag("--all", all, "All of them, and what git stored for other hosts")
      ->excludes(one)
      ->excludes(session_flag);
  session_flag->excludes(one);
  c->callback([&] { purge(context, all, name); });
}

}  // namespace forgelink::cli
