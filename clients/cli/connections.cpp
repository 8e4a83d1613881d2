// SPDX-License-Identifier: MIT
// status, types, list, show, verify, purge, call
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "clients/cli/commands.hpp"
#include "clients/cli/rules.hpp"
#include "clients/cli/show.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

void status(Context& context) {
  const json::value s = context.call("daemon.status");
  if (context.json_output) return print(s);
  const json::value* store = member(s, "secret_store");
  std::string lines;
  const auto line = [&](const char* label, const std::string& value) {
    lines += fmt::format("{:<15}{}\n", label, wrapped(clean(value), 15));
  };
  line("Daemon", fmt::format("forgelinkd {}, process {}, since {}{}", text(s, "version"), text(s, "pid"),
                             text(s, "started_at"),
                             text(s, "socket_activated") == "true" ? ", by systemd's socket" : ""));
  line("Connections", text(s, "connections"));
  line("Clients", text(s, "clients"));
  line("Tokens",
       fmt::format("{}, {}",
                   text(*store, "backend") == "memory" ? "in locked memory" : "in the Secret Service",
                   text(*store, "state")));
  if (const std::string trouble = text(*store, "trouble"); !trouble.empty()) line("", trouble);
  if (text(*store, "memory_locked") == "false")
    line("", "The system gives no memory that is kept out of swap (ulimit -l).");
  line("New tokens", text(s, "retention") == "session" ? "end with the session" : "are kept");
  if (const json::value* policy = member(s, "policy"); policy != nullptr && !policy->is_null()) {
    line("Policy", text(*policy, "file"));
    if (const std::string contact = text(*policy, "contact"); !contact.empty()) line("", contact);
  }
  print(lines);
}

void types(Context& context) {
  const json::value reply = context.call("type.list");
  if (context.json_output) return print(reply);
  for (const json::value& type : member(reply, "types")->as_array()) {
    std::string lines = fmt::format("{} ({})\n", text(type, "label"), text(type, "id"));
    if (const std::string forbidden = text(type, "policy_forbids"); !forbidden.empty())
      lines += fmt::format("  {}\n", wrapped(forbidden, 2));
    for (const json::value& field : member(type, "fields")->as_array()) {
      const std::string help = (text(field, "required") == "true" ? "required. " : "") + text(field, "help");
      lines += fmt::format("  {:<22}{}\n", text(field, "label"), wrapped(help, 24));
    }
    for (const json::value& scope : member(type, "scopes")->as_array()) {
      const std::string use =
          text(scope, "needed_for") + (text(scope, "required") == "true" ? "" : " (optional)");
      lines += fmt::format("  scope {:<28}{}\n", text(scope, "scope"), wrapped(use, 36));
    }
    lines += fmt::format("  Make a token at {}\n", text(type, "token_page"));
    for (const json::value& notice : member(type, "notices")->as_array())
      lines += fmt::format("  {}: {}\n", text(notice, "date"), wrapped(text(notice, "text"), 14));
    print(lines + "\n");
  }
}

// How many rules name each connection, by its id.
std::map<std::string, int> rules_by_connection(Context& context) {
  std::map<std::string, int> counts;
  const json::value reply = context.call("rule.list");
  for (const json::value& rule : reply.at("rules").as_array()) ++counts[text(rule, "connection")];
  return counts;
}

void list(Context& context, const std::string& type, std::int64_t limit) {
  json::array all;
  json::value cursor, total;
  do {
    json::object params{
        {"limit",
         limit > 0 ? std::min<std::int64_t>(1000, limit - static_cast<std::int64_t>(all.size())) : 1000}};
    if (!cursor.is_null()) params["cursor"] = cursor;
    if (!type.empty()) params["type"] = type;
    json::value page = context.call("connection.list", std::move(params));
    for (json::value& connection : page.at("connections").as_array()) all.push_back(std::move(connection));
    cursor = page.at("next_cursor");
    total = page.at("total");
  } while (!cursor.is_null() && (limit <= 0 || static_cast<std::int64_t>(all.size()) < limit));
  if (context.json_output)
    return print(json::object{{"connections", std::move(all)}, {"next_cursor", cursor}, {"total", total}});
  if (all.empty())
    return print(std::string("There is no connection yet. Make one with: forgelink add NAME --type TYPE\n"));
  const std::map<std::string, int> rules = rules_by_connection(context);
  std::vector<std::string> headings{"NAME", "TYPE", "ACCOUNT", "TOKEN", "KEPT", "USED"};
  if (!rules.empty()) headings.emplace_back("RULES");
  Table table(std::move(headings));
  for (const json::value& connection : all) {
    const json::value* account = member(connection, "account");
    const std::string login = account != nullptr ? text(*account, "login") : "";
    std::vector<std::string> row{text(connection, "name"),
                                 text(connection, "type"),
                                 login.empty() ? text(connection, "username") : login,
                                 token_in_words(connection),
                                 text(connection, "retention"),
                                 text(connection, "last_used_at").substr(0, 10)};
    if (const auto found = rules.find(text(connection, "id")); found != rules.end())
      row.push_back(std::to_string(found->second));
    else if (!rules.empty())
      row.emplace_back();
    table.add(std::move(row));
  }
  print(table.text());
}

void show(Context& context, const json::value& reply) {
  if (context.json_output) return print(reply);
  print(connection_in_words(reply.at("connection"), context.call("type.list")));
  const json::value rules = context.call("rule.list", {{"connection", text(reply.at("connection"), "id")}});
  for (const json::value& rule : rules.at("rules").as_array())
    print(fmt::format("{:<15}{}\n", "Used for", clean(rule_in_words(rule))));
}

void purge(Context& context, bool all, const std::string& name) {
  json::object params{{"scope", all ? "all" : name.empty() ? "session" : "connection"}};
  if (!name.empty()) params["connection"] = name;
  const json::value reply = context.call("token.purge", std::move(params));
  if (context.json_output) return print(reply);
  const std::size_t count = reply.at("purged").as_array().size();
  print(count == 0 ? std::string("There was no token to take away.\n")
                   : fmt::format("{} taken away. Configure a connection again with: forgelink edit NAME\n",
                                 count == 1 ? "One token was" : fmt::format("{} tokens were", count)));
}

void call(Context& context, const std::string& method, std::string params) {
  context.json_output = true;
  if (params == "-") params.assign(std::istreambuf_iterator<char>(std::cin), {});
  json::value value = json::object();
  if (params.find_first_not_of(" \t\r\n") != std::string::npos) {
    boost::system::error_code wrong;
    value = json::parse(params, wrong);
    if (wrong || !value.is_object())
      context.misused("The parameters must be a JSON object, as '{\"connection\": \"Work\"}'.");
  }
  print(context.call(method, std::move(value.as_object())));
}

}  // namespace

CLI::App* command(CLI::App& app, Context& context, const std::string& name, const std::string& summary) {
  CLI::App* made = app.add_subcommand(name, summary);
  made->add_flag("--json", context.json_output, "Print the protocol's own JSON");
  return made;
}

void declare_connections(CLI::App& app, Context& context) {
  command(app, context, "status", "How the daemon and its store of tokens are doing")->callback([&] {
    status(context);
  });
  command(app, context, "types", "List the types of connection, their fields and scopes")->callback([&] {
    types(context);
  });

  static std::string name, type, method, params;
  static std::int64_t limit = 0;
  static bool all = false, of_session = false;

  CLI::App* c = command(app, context, "list", "List all connections");
  c->add_option("--type", type, "Only those of this type");
  c->add_option("--limit", limit, "At most so many")->check(CLI::PositiveNumber);
  c->callback([&] { list(context, type, limit); });

  c = command(app, context, "show", "Show all about one connection");
  c->add_option("NAME", name, "Its name or id")->required();
  c->callback([&] { show(context, context.call("connection.get", {{"connection", name}})); });

  c = command(app, context, "verify", "Ask the forge about a connection's token now");
  c->add_option("NAME", name, "Its name or id")->required();
  c->callback([&] { show(context, context.call("connection.verify", {{"connection", name}})); });

  c = command(app, context, "purge", "Take tokens away and keep their connections");
  auto* one = c->add_option("NAME", name, "Only this connection's");
  auto* session_flag = c->add_flag(
      "--session", of_session, "Those that end with the session (this is what happens without an option)");
  c->add_flag("--all", all, "All of them, and what git stored for other hosts")
      ->excludes(one)
      ->excludes(session_flag);
  session_flag->excludes(one);
  c->callback([&] { purge(context, all, name); });

  c = command(app, context, "call", "Call any method of the protocol, JSON in, JSON out");
  c->add_option("METHOD", method, "As connection.get")->required();
  c->add_option("PARAMS", params, "A JSON object; - reads it from standard input");
  c->callback([&] { call(context, method, params); });
}

}  // namespace forgelink::cli
