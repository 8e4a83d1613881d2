// SPDX-License-Identifier: MIT
// log, access, approve, lock, unlock
#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "base/clock.hpp"
#include "clients/cli/access_words.hpp"
#include "clients/cli/arguments.hpp"
#include "clients/cli/commands.hpp"
#include "clients/cli/table.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/access_answer.hpp"
#include "ipc/protocol/access_grants.hpp"
#include "ipc/protocol/access_list.hpp"
#include "ipc/protocol/access_questions.hpp"
#include "ipc/protocol/access_revoke.hpp"
#include "ipc/protocol/daemon_lock.hpp"
#include "ipc/protocol/daemon_unlock.hpp"

namespace forgelink::cli {
namespace {

// A date or time as it is, or how long ago: 30min, 2h, 7d.
Time time_since(const Context& context, const std::string& text) {
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
    return now - std::chrono::seconds(count * seconds);
  }
  if (const auto time = parse_time(text)) return *time;
  context.misused("--since takes a date, a time as 2026-11-25T10:00:00Z, or how long ago: 30min, 2h, 7d.");
}

void show_log(Context& context, const std::string& name, const std::string& since, std::int64_t limit) {
  protocol::AccessList::Params params;
  if (!name.empty()) params.connection = name;
  if (!since.empty()) params.since = time_since(context, since);
  std::int64_t count = 0;
  Columns columns;
  json::array all;
  std::optional<std::string> cursor;
  do {
    params.limit.value = limit > 0 ? std::min(ipc::Limit::most, limit - count) : ipc::Limit::most;
    if (cursor) params.cursor = {.value = *cursor};
    auto [json, page] = context.call<protocol::AccessList>(params);
    count += static_cast<std::int64_t>(page.entries.size());
    std::vector<std::vector<std::string>> rows;
    if (context.json_output) {
      append_list(json, "entries", all);
    } else {
      for (const auto& entry : page.entries) rows.push_back(use_cells(entry));
    }
    print(columns.text(rows));
    cursor = std::move(page.next_cursor);
  } while (cursor && (limit <= 0 || count < limit));
  if (context.json_output)
    return print(json::object{{"entries", std::move(all)}, {"next_cursor", json::value_from(cursor)}});
  if (count == 0) print(std::string("The access log is empty.\n"));
}

void show_grants(Context& context, const std::string& name) {
  protocol::AccessGrants::Params params;
  if (!name.empty()) params.connection = name;
  const auto [json, reply] = context.call<protocol::AccessGrants>(std::move(params));
  if (context.json_output) return print(json);
  Table table({"GRANT", "CONNECTION", "PROGRAM", "EXECUTABLE", "UNTIL"});
  for (const auto& grant : reply.grants) {
    table.add({grant.grant, name_of_connection(context, grant.connection), grant.program, grant.executable,
               grant.decision == "always" ? "it is revoked" : "the session ends"});
  }
  print(reply.grants.empty() ? std::string("No program has a grant.\n") : table.text());
}

void revoke_grant(Context& context, const std::string& grant) {
  const auto [json, reply] = context.call<protocol::AccessRevoke>({.grant = grant});
  if (context.json_output) return print(json);
  print(std::string("Revoked the grant: the program asks again.\n"));
}

// The only open question.
std::string only_question(Context& context) {
  std::vector<protocol::AccessQuestions::QuestionView> questions;
  for (const json::object& question : context.call<protocol::AccessQuestions>().reply.questions) {
    Result<protocol::AccessQuestions::QuestionView> read =
        ipc::reply_of<protocol::AccessQuestions::QuestionView>(json::value(question));
    // One of another version's form: it can still be answered by its id.
    if (read && !read->request.empty()) questions.push_back(std::move(*read));
  }
  if (questions.size() == 1) return questions.front().request;
  if (questions.empty())
    context.refuse(Error{.code = Errc::not_found, .message = "No question waits for an answer."});
  for (const auto& question : questions) complain(fmt::format("{}: {}", question.request, question.message));
  context.refuse(
      invalid("request", "Several questions wait for an answer; say which: forgelink approve REQUEST"));
}

void approve(Context& context, std::string request, const char* decision) {
  if (request.empty()) request = only_question(context);
  const auto [json, reply] =
      context.call<protocol::AccessAnswer>({.request = std::move(request), .decision = decision});
  if (context.json_output) return print(json);
  const std::string_view said = decision;
  const char* sentence = said == "deny"      ? "Denied.\n"
                         : said == "once"    ? "Allowed once.\n"
                         : said == "session" ? "Allowed until the session ends.\n"
                                             : "Allowed until it is revoked: forgelink access\n";
  print(std::string(sentence));
}

void set_lock(Context& context, bool locked) {
  const json::value json =
      locked ? context.call<protocol::DaemonLock>().json : context.call<protocol::DaemonUnlock>().json;
  if (context.json_output) return print(json);
  print(std::string(locked ? locked_in_words : "Forgelink is unlocked.") + "\n");
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
  counted(c->add_option("--limit", limit, "At most so many; all if left out"), context);
  c->callback([&] { show_log(context, logged, since, limit); });

  c = command(app, context, "access", "Show which programs need not ask, or revoke that");
  c->add_option("NAME", asked, "Only those of this connection");
  c->add_option("--revoke", grant, "Revoke a grant")->type_name("GRANT");
  c->callback([&] { grant.empty() ? show_grants(context, asked) : revoke_grant(context, grant); });

  declare_approve(app, context);
  c = command(app, context, "lock", "Lock Forgelink: hand out no token");
  c->callback([&context] { set_lock(context, true); });
  c = command(app, context, "unlock", "Unlock Forgelink");
  c->callback([&context] { set_lock(context, false); });
}

}  // namespace forgelink::cli
