// SPDX-License-Identifier: MIT
// log, access, approve, lock, unlock
#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "base/clock.hpp"
#include "clients/cli/access_words.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

// A date or time as it is, or how long ago: 30min, 2h, 7d.
std::string time_since(Context& context, const std::string& text) {
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [unit, failed] = std::from_chars(text.data(), end, count);
  const std::string_view name(unit, static_cast<std::size_t>(end - unit));
  const std::int64_t seconds = name == "s"                    ? 1
                               : name == "min" || name == "m" ? 60
                               : name == "h"                  ? 3600
                               : name == "d"                  ? 86400
                                                              : 0;
  if (failed == std::errc() && seconds > 0 && count >= 0 && count < 1'000'000) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return rfc3339(now - std::chrono::seconds(count * seconds));
  }
  if (const auto time = parse_time(text)) return rfc3339(*time);
  context.misused("--since takes a date, a time as 2026-11-25T10:00:00Z, or how long ago: 30min, 2h, 7d.");
}

void show_log(Context& context, const std::string& name, const std::string& since, std::int64_t limit) {
  json::object params;
  if (!name.empty()) params["connection"] = name;
  if (!since.empty()) params["since"] = time_since(context, since);
  std::int64_t count = 0;
  Columns columns;
  json::array all;
  json::value cursor;
  do {
    params["limit"] = limit > 0 ? std::min<std::int64_t>(1000, limit - count) : 1000;
    if (!cursor.is_null()) params["cursor"] = cursor;
    const json::value page = context.call("access.list", params);
    std::vector<std::vector<std::string>> rows;
    for (const json::value& entry : page.at("entries").as_array()) {
      ++count;
      if (context.json_output) {
        all.push_back(entry);
      } else {
        rows.push_back(use_cells(entry));
      }
    }
    print(columns.text(rows));
    cursor = page.at("next_cursor");
  } while (!cursor.is_null() && (limit <= 0 || count < limit));
  if (context.json_output) return print(json::object{{"entries", std::move(all)}, {"next_cursor", cursor}});
  if (count == 0) print(std::string("Nothing was used yet.\n"));
}

std::string name_of_connection(Context& context, const std::string& id) {
  auto found = context.try_call("connection.get", {{"connection", id}}, std::chrono::seconds(10));
  const auto* reply = std::get_if<json::value>(&found);
  return reply != nullptr ? text(reply->at("connection"), "name") : id;
}

void show_grants(Context& context, const std::string& name) {
  json::object params;
  if (!name.empty()) params["connection"] = name;
  const json::value reply = context.call("access.grants", std::move(params));
  if (context.json_output) return print(reply);
  Table table({"GRANT", "CONNECTION", "PROGRAM", "EXECUTABLE", "UNTIL"});
  for (const json::value& grant : reply.at("grants").as_array()) {
    table.add({text(grant, "grant"), name_of_connection(context, text(grant, "connection")),
               text(grant, "program"), text(grant, "executable"),
               text(grant, "decision") == "always" ? "it is revoked" : "the session ends"});
  }
  print(reply.at("grants").as_array().empty() ? std::string("No program has a grant.\n") : table.text());
}

void revoke_grant(Context& context, const std::string& grant) {
  const json::value reply = context.call("access.revoke", {{"grant", grant}});
  if (context.json_output) return print(reply);
  print(std::string("The program is asked about again.\n"));
}

// The only open question.
std::string only_question(Context& context) {
  const json::value reply = context.call("access.questions");
  const json::array& questions = reply.at("questions").as_array();
  if (questions.size() == 1) return text(questions.front(), "request");
  complain(questions.empty() ? "No question waits for an answer."
                             : "Several questions wait for an answer; say which: forgelink approve REQUEST");
  for (const json::value& question : questions)
    std::fprintf(stderr, "  %s\n", clean(text(question, "message")).c_str());
  throw Exit{1};
}

void approve(Context& context, std::string request, const char* decision) {
  if (request.empty()) request = only_question(context);
  const json::value reply = context.call("access.answer", {{"request", request}, {"decision", decision}});
  if (context.json_output) return print(reply);
  const std::string_view said = decision;
  const char* sentence = said == "deny"      ? "Denied.\n"
                         : said == "once"    ? "Allowed once.\n"
                         : said == "session" ? "Allowed until the session ends.\n"
                                             : "Allowed until it is revoked: forgelink access\n";
  print(std::string(sentence));
}

void set_lock(Context& context, bool locked) {
  const json::value reply = context.call(locked ? "daemon.lock" : "daemon.unlock");
  if (context.json_output) return print(reply);
  print(std::string(locked ? "Forgelink is locked: no token leaves before `forgelink unlock`.\n"
                           : "Forgelink is unlocked.\n"));
}

void declare_approve(CLI::App& app, Context& context) {
  static std::string request;
  static bool for_session = false, always = false, deny = false;
  CLI::App* c = command(app, context, "approve", "Answer a program that asks for a connection");
  c->add_option("REQUEST", request, "Which question; not needed if there is only one");
  auto* session = c->add_flag("--session", for_session, "Allow it until the session ends");
  auto* forever = c->add_flag("--always", always, "Allow it until it is revoked")->excludes(session);
  c->add_flag("--deny", deny, "Say no")->excludes(session)->excludes(forever);
  c->callback([&] {
    approve(context, request, deny ? "deny" : always ? "always" : for_session ? "session" : "once");
  });
}

}  // namespace

void declare_access(CLI::App& app, Context& context) {
  static std::string logged, since, asked, grant;
  static std::int64_t limit = 0;
  CLI::App* c = command(app, context, "log", "Show which programs used connections");
  c->add_option("NAME", logged, "Only uses of this connection");
  c->add_option("--since", since, "From that time on: a date, a time, or as 2h, 7d")->type_name("T");
  c->add_option("--limit", limit, "At most so many; all if left out")->check(CLI::PositiveNumber);
  c->callback([&] { show_log(context, logged, since, limit); });

  c = command(app, context, "access", "Show which programs need not ask, or take that back");
  c->add_option("NAME", asked, "Only those of this connection");
  c->add_option("--revoke", grant, "Take a grant back")->type_name("GRANT");
  c->callback([&] { grant.empty() ? show_grants(context, asked) : revoke_grant(context, grant); });

  declare_approve(app, context);
  c = command(app, context, "lock", "Let no token leave");
  c->callback([&context] { set_lock(context, true); });
  c = command(app, context, "unlock", "Let tokens leave again");
  c->callback([&context] { set_lock(context, false); });
}

}  // namespace forgelink::cli
