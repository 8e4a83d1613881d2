// SPDX-License-Identifier: MIT
// doctor: checks everything Forgelink needs, and reports what is wrong and the command that fixes it
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "clients/cli/commands.hpp"
#include "clients/cli/doctor/finding.hpp"
#include "clients/cli/git_by_hand.hpp"
#include "clients/cli/process.hpp"
#include "clients/cli/terminal.hpp"
#include "ipc/protocol/connection_list.hpp"
#include "ipc/protocol/type_list.hpp"

namespace forgelink::cli {
namespace {

using doctor::Daemon;
using doctor::Findings;

constexpr std::chrono::seconds doctor_patience{10};

// The reply, or nothing; why there is none is kept.
template <class Method>
std::optional<typename Method::Reply> answer_of(Daemon& daemon, typename Method::Params params) {
  Context context;
  ipc::Response response = context.ask(Method::name, ipc::params_object(std::move(params)), doctor_patience);
  if (const auto* result = std::get_if<json::value>(&response)) {
    auto reply = ipc::reply_of<typename Method::Reply>(*result);
    if (reply) return std::move(*reply);
    daemon.unreached = reply.error().message;
    return std::nullopt;
  }
  const auto* refused = std::get_if<ipc::Refused>(&response);
  daemon.unreached = refused != nullptr ? refusal_of(refused->error).error.message
                                        : std::get<ipc::Unreached>(response).message;
  return std::nullopt;
}

Daemon ask_daemon() {
  Daemon daemon;
  daemon.status = answer_of<protocol::DaemonStatus>(daemon, {});
  protocol::ConnectionList::Params params;
  // A lent socket answers for git alone: it lists neither connections nor types.
  while (daemon.status && !daemon.is_lent()) {
    protocol::ConnectionList::Params asked{.limit = {.value = ipc::Limit::most}, .cursor = params.cursor};
    auto page = answer_of<protocol::ConnectionList>(daemon, std::move(asked));
    if (!page) break;
    for (auto& connection : page->connections) daemon.connections.push_back(std::move(connection));
    if (!page->next_cursor) break;
    params.cursor = {.value = *page->next_cursor};
  }
  if (!daemon.status || daemon.is_lent()) return daemon;
  if (const auto types = answer_of<protocol::TypeList>(daemon, {})) {
    for (const auto& type : types->types) {
      if (type.can_renew) daemon.renewable.push_back(type.id);
      if (type.can_revoke) daemon.revocable.push_back(type.id);
    }
  }
  return daemon;
}

Findings examine() {
  Findings all;
  const Daemon daemon = ask_daemon();
  const bool is_ours = !daemon.is_lent();
  if (is_ours) doctor::look_at_session(all);
  doctor::look_at_daemon(all, daemon);
  doctor::look_at_socket(all, daemon);
  if (is_ours) {
    doctor::look_at_keyring(all, daemon);
    doctor::look_at_units(all);
    doctor::look_at_files(all, daemon);
  }
  doctor::look_at_machine(all, daemon);
  doctor::look_at_git(all, daemon);
  if (is_ours) doctor::look_at_connections(all, daemon);
  doctor::look_at_repository(all, daemon);
  return all;
}

// A finding as it is shown, and what became of it.
struct Shown {
  doctor::Finding finding;
  std::string state;  // good, note, bad, mended
};

// Runs what is safe to run, each command once; what it was to fix.
std::vector<doctor::Finding> mend(const Findings& all) {
  std::vector<doctor::Finding> tried;
  std::set<std::string> ran;
  for (const doctor::Finding& finding : all.all()) {
    if (finding.state != doctor::Finding::State::bad || !finding.safe) continue;
    // Several findings may name one command, as `git setup` for each of its troubles.
    if (ran.insert(finding.mend).second) run_program({"sh", "-c", finding.mend}, true);
    tried.push_back(finding);
  }
  return tried;
}

std::vector<Shown> examine(bool fix) {
  Findings all = examine();
  std::vector<doctor::Finding> tried;
  if (fix) tried = mend(all);
  // The status of a command proves nothing: what is no longer found counts as fixed.
  if (!tried.empty()) all = examine();

  std::vector<Shown> shown;
  const auto is_still = [&](const doctor::Finding& before) {
    return std::any_of(all.all().begin(), all.all().end(), [&](const doctor::Finding& now) {
      return now.about == before.about && now.sentence == before.sentence;
    });
  };
  for (const doctor::Finding& finding : tried) {
    if (!is_still(finding)) shown.push_back({finding, "mended"});
  }
  for (const doctor::Finding& finding : all.all()) {
    using State = doctor::Finding::State;
    shown.push_back({finding, finding.state == State::good   ? "good"
                              : finding.state == State::note ? "note"
                                                             : "bad"});
  }
  return shown;
}

json::object json_of(const Shown& shown) {
  json::object entry{
      {"about", shown.finding.about}, {"state", shown.state}, {"sentence", shown.finding.sentence}};
  if (!shown.finding.mend.empty()) {
    entry["mend"] = shown.finding.mend;
    entry["fix"] = shown.finding.safe;
  }
  if (!shown.finding.lines.empty())
    entry["by_hand"] = json::array(shown.finding.lines.begin(), shown.finding.lines.end());
  return entry;
}

void print_in_words(const std::vector<Shown>& all) {
  std::size_t bad = 0, fixable = 0;
  for (const Shown& shown : all) {
    const char* mark = shown.state == "good"     ? "ok"
                       : shown.state == "note"   ? "note"
                       : shown.state == "mended" ? "fixed"
                                                 : "BAD";
    print(fmt::format("{:<6}{}\n", mark, wrapped(clean(shown.finding.sentence), 6)));
    if (!shown.finding.mend.empty()) {
      const char* did = shown.state == "mended" ? "fixed by" : "fix";
      print(fmt::format("      {}: {}\n", did, clean(shown.finding.mend)));
    }
    print(shown_lines(shown.finding.lines, 6));
    if (shown.state != "bad") continue;
    ++bad;
    fixable += shown.finding.safe ? 1 : 0;
  }
  if (bad == 0) return print(std::string("\nNothing is wrong.\n"));
  print(fmt::format("\n{} thing{} wrong.{}\n", bad, bad == 1 ? " is" : "s are",
                    fixable > 0 ? " Run the safe commands of these: forgelink doctor --fix" : ""));
}

void run_doctor(Context& context, bool fix) {
  const std::vector<Shown> all = examine(fix);
  if (context.json_output) {
    json::array findings;
    for (const Shown& shown : all) findings.emplace_back(json_of(shown));
    print(json::object{{"findings", std::move(findings)}});
  } else {
    print_in_words(all);
  }
  if (std::any_of(all.begin(), all.end(), [](const Shown& shown) { return shown.state == "bad"; }))
    throw Exit{1};
}

}  // namespace

void declare_doctor(CLI::App& app, Context& context) {
  static bool fix = false;
  CLI::App* c =
      command(app, context, "doctor", "Check everything Forgelink needs, and say how to fix what is wrong");
  c->add_flag("--fix", fix, "Run the commands that fix it, where that is safe");
  c->callback([&] { run_doctor(context, fix); });
}

}  // namespace forgelink::cli
