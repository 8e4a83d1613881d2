// SPDX-License-Identifier: MIT
// Connections with trouble.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/clock.hpp"
#include "clients/cli/connection_word.hpp"
#include "clients/cli/doctor/finding.hpp"
#include "clients/cli/show.hpp"

namespace forgelink::cli::doctor {
namespace {

constexpr const char* about_connections = "connection";
constexpr std::chrono::hours soon{24 * 14};

std::string word_of(const protocol::ConnectionView& connection) {
  return connection_word(connection.name, connection.id);
}

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
             hint.empty() ? this_program() + " verify " + word_of(connection) : "");
  }
}

// What the forge does with a token from here.
struct TokenPowers {
  bool renews = false, revokes = false;
};

void examine_end(Findings& all, const protocol::ConnectionView& connection, const TokenPowers& powers,
                 const std::string& edit) {
  std::string sentence =
      fmt::format("The token of “{}” expires on {}.", connection.name, day_of(connection.token.expires_at));
  if (connection.token.can_renew)
    return all.note(about_connections, sentence, this_program() + " renew " + word_of(connection));
  // Where the forge does not tell the scopes, nobody knows why.
  if (powers.renews && connection.token.scopes)
    sentence += " It cannot renew itself: it has none of the scopes for that.";
  all.note(about_connections, sentence, edit);
}

void examine_connection(Findings& all, const protocol::ConnectionView& connection,
                        const TokenPowers& powers) {
  const protocol::TokenView& token = connection.token;
  const bool by_sign_in = connection.sign_in == "oauth";
  const std::string shown = "“" + connection.name + "”",
                    edit = this_program() + " edit " + word_of(connection) + (by_sign_in ? " --sign-in" : "");
  if (connection.policy_forbids)
    all.bad(about_connections, fmt::format("{}: {}", shown, *connection.policy_forbids),
            this_program() + " remove " + word_of(connection) + (powers.revokes ? " --revoke" : ""));
  examine_state(all, connection, edit);
  if (token.state != "valid" && token.state != "unverified") return;
  if (!token.missing_scopes.empty())
    all.bad(about_connections,
            fmt::format("The token of {} lacks scopes that its type needs: {}.", shown,
                        fmt::join(token.missing_scopes, ", ")),
            edit);
  if (!token.excess_scopes.empty())
    all.note(
        about_connections,
        fmt::format("The token of {} may do more than anything here needs: {}.", shown,
                    fmt::join(token.excess_scopes, ", ")),
        powers.revokes ? fmt::format("{} revoke {} && {}", this_program(), word_of(connection), edit) : edit);
  if (token.expires_at && !by_sign_in && *token.expires_at - soon < SystemClock().now())
    examine_end(all, connection, powers, edit);
  for (const auto& warning : connection.warnings.value_or(std::vector<protocol::WarningView>{}))
    all.note(about_connections,
             fmt::format("{}, from {} on: {} {}", shown, warning.date, warning.text, warning.url));
}

}  // namespace

void look_at_connections(Findings& all, const Daemon& daemon) {
  if (!daemon.status) return;
  const std::size_t before = all.all().size();
  for (const auto& connection : daemon.connections) {
    const auto has = [&](const std::vector<std::string>& types) {
      return std::find(types.begin(), types.end(), connection.type) != types.end();
    };
    examine_connection(all, connection, {.renews = has(daemon.renewable), .revokes = has(daemon.revocable)});
  }
  if (all.all().size() > before) return;
  all.good(about_connections,
           daemon.connections.empty()
               ? "There is no connection yet; forgelink add creates one."
               : fmt::format("All connections ({}) are in order.", daemon.connections.size()));
}

}  // namespace forgelink::cli::doctor
