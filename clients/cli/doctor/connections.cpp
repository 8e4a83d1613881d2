// SPDX-License-Identifier: MIT
// Connections with trouble.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/shell_word.hpp"
#include "clients/cli/doctor/finding.hpp"
#include "clients/cli/show.hpp"

namespace forgelink::cli::doctor {
namespace {

constexpr const char* about_connections = "connection";
constexpr std::chrono::hours soon{24 * 14};

// Trouble of a token by its state.
void examine_state(Findings& all, const protocol::ConnectionView& connection, const std::string& edit) {
  const std::string &state = connection.token.state, shown = "“" + connection.name + "”",
                    day = day_of(connection.token.expires_at);
  if (state == "missing") {
    all.bad(about_connections, shown + " has no token.", edit);
  } else if (state == "expired") {
    all.bad(about_connections,
            fmt::format("The token of {} expired{}.", shown, day.empty() ? "" : " on " + day), edit);
  } else if (state == "rejected") {
    all.bad(about_connections,
            fmt::format("The forge refuses the token of {}: it is wrong, has expired or was revoked.", shown),
            edit);
  } else if (state == "unavailable") {
    all.bad(about_connections,
            fmt::format("The token of {} is in the keyring, which is not available.", shown));
  } else if (state == "unverified") {
    const std::string hint = connection.hint.value_or("");
    all.note(about_connections,
             fmt::format("The token of {} was never verified.{}", shown, hint.empty() ? "" : " " + hint),
             hint.empty() ? this_program() + " verify " + quoted(connection.name) : "");
  }
}

void examine_connection(Findings& all, const protocol::ConnectionView& connection, bool can_renew) {
  const protocol::TokenView& token = connection.token;
  const bool by_sign_in = connection.sign_in == "oauth";
  const std::string shown = "“" + connection.name + "”", edit = this_program() + " edit " +
                                                                quoted(connection.name) +
                                                                (by_sign_in ? " --sign-in" : "");
  if (connection.policy_forbids)
    all.bad(about_connections, fmt::format("{}: {}", shown, *connection.policy_forbids),
            this_program() + " remove " + quoted(connection.name));
  examine_state(all, connection, edit);
  if (token.state != "valid" && token.state != "unverified") return;
  if (!token.missing_scopes.empty())
    all.bad(about_connections,
            fmt::format("The token of {} lacks scopes that its type needs: {}.", shown,
                        fmt::join(token.missing_scopes, ", ")),
            edit);
  if (!token.excess_scopes.empty())
    all.note(about_connections,
             fmt::format("The token of {} may do more than anything here needs: {}.", shown,
                         fmt::join(token.excess_scopes, ", ")),
             edit);
  if (token.expires_at && !by_sign_in && *token.expires_at - soon < SystemClock().now())
    all.note(about_connections,
             fmt::format("The token of {} expires on {}.", shown, day_of(token.expires_at)),
             can_renew ? this_program() + " renew " + quoted(connection.name) : edit);
  for (const auto& warning : connection.warnings.value_or(std::vector<protocol::WarningView>{}))
    all.note(about_connections,
             fmt::format("{}, from {} on: {} {}", shown, warning.date, warning.text, warning.url));
}

}  // namespace

void look_at_connections(Findings& all, const Daemon& daemon) {
  if (!daemon.status) return;
  const std::size_t before = all.all().size();
  for (const auto& connection : daemon.connections) {
    const bool can_renew = std::find(daemon.renewable.begin(), daemon.renewable.end(), connection.type) !=
                           daemon.renewable.end();
    examine_connection(all, connection, can_renew);
  }
  if (all.all().size() > before) return;
  all.good(about_connections,
           daemon.connections.empty()
               ? "There is no connection yet; forgelink add creates one."
               : fmt::format("All connections ({}) are in order.", daemon.connections.size()));
}

}  // namespace forgelink::cli::doctor
