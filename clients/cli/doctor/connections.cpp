// SPDX-License-Identifier: MIT
// Connections with trouble.
#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/shell_word.hpp"
#include "clients/cli/doctor/finding.hpp"
#include "clients/cli/show.hpp"

namespace forgelink::cli::doctor {
namespace {

constexpr const char* about_connections = "connection";
constexpr std::chrono::hours soon{24 * 14};

std::string listed(const json::value& token, const char* name) {
  std::string words;
  const json::value* list = member(token, name);
  if (list == nullptr || !list->is_array()) return words;
  for (const json::value& word : list->get_array())
    words += (words.empty() ? "" : ", ") + std::string(word.as_string());
  return words;
}

void examine_connection(Findings& all, const json::value& connection) {
  const json::value& token = *member(connection, "token");
  const std::string state = text(token, "state"), shown = "“" + text(connection, "name") + "”",
                    name = quoted(text(connection, "name"));
  const std::string edit =
      this_program() + " edit " + name + (text(connection, "sign_in") == "oauth" ? " --sign-in" : "");
  const std::string ends = text(token, "expires_at"), day = ends.substr(0, 10);
  if (const std::string forbidden = text(connection, "policy_forbids"); !forbidden.empty())
    all.bad(about_connections, fmt::format("{}: {}", shown, forbidden), this_program() + " remove " + name);
  if (state == "missing") {
    all.bad(about_connections, shown + " has no token.", edit);
  } else if (state == "expired") {
    all.bad(about_connections, fmt::format("The token of {} expired{}.", shown, day.empty() ? "" : " on " + day), edit);
  } else if (state == "rejected") {
    all.bad(about_connections,
            fmt::format("The forge refuses the token of {}: it is wrong, has expired or was revoked.", shown),
            edit);
  } else if (state == "unavailable") {
    all.bad(about_connections, fmt::format("The token of {} is in the keyring, which is away.", shown));
  } else if (state == "unverified") {
    const std::string hint = text(connection, "hint");
    all.note(about_connections,
             fmt::format("The token of {} was never verified.{}", shown, hint.empty() ? "" : " " + hint),
             hint.empty() ? this_program() + " verify " + name : "");
  }
  if (state != "valid" && state != "unverified") return;
  if (const std::string missing = listed(token, "missing_scopes"); !missing.empty())
    all.bad(about_connections, fmt::format("The token of {} lacks scopes that its type needs: {}.", shown, missing),
            edit);
  if (const std::string excess = listed(token, "excess_scopes"); !excess.empty())
    all.note(about_connections, fmt::format("The token of {} may do more than anything here needs: {}.", shown, excess),
             edit);
  const auto end = parse_time(ends);
  const bool renewed = text(connection, "sign_in") == "oauth";
  if (end && !renewed && *end - soon < SystemClock().now())
    all.note(about_connections, fmt::format("The token of {} expires on {}.", shown, day), edit);
  if (const json::value* warnings = member(connection, "warnings");
      warnings != nullptr && warnings->is_array()) {
    for (const json::value& warning : warnings->get_array())
      all.note(about_connections, fmt::format("{}, from {} on: {} {}", shown, text(warning, "date"),
                                  text(warning, "text"), text(warning, "url")));
  }
}

}  // namespace

void look_at_connections(Findings& all, const Daemon& daemon) {
  if (!daemon.status) return;
  const std::size_t before = all.all().size();
  for (const json::value& connection : daemon.connections) examine_connection(all, connection);
  if (all.all().size() > before) return;
  all.good(about_connections, daemon.connections.empty() ? "There is no connection yet; forgelink add makes one."
                                             : fmt::format("All connections ({}) are as they should be.",
                                                           daemon.connections.size()));
}

}  // namespace forgelink::cli::doctor
