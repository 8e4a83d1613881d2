// SPDX-License-Identifier: MIT
// The kinds of event, as the enum that the daemon publishes and as the names that clients see.
//
// Plain values; any thread.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace forgelink::protocol {

enum class EventKind {
  connection_added,
  connection_updated,
  connection_removed,
  token_verified,
  token_expiring,
  token_expired,
  token_rejected,
  tokens_purged,
  token_renewed,
  token_revoked,
  sign_in_started,
  sign_in_completed,
  sign_in_failed,
  secret_store_changed,
  rules_changed,
  token_used,
  access_asked,
  access_answered,
  daemon_locked,
  daemon_unlocked,
  lend_started,
  lend_ended,
};

// By the order of the enum.
inline constexpr std::array<std::string_view, 22> event_kind_names = {
    "connection.added", "connection.updated", "connection.removed", "token.verified",       "token.expiring",
    "token.expired",    "token.rejected",     "tokens.purged",      "token.renewed",        "token.revoked",
    "sign_in.started",  "sign_in.completed",  "sign_in.failed",     "secret_store.changed", "rules.changed",
    "token.used",       "access.asked",       "access.answered",    "daemon.locked",        "daemon.unlocked",
    "lend.started",     "lend.ended",
};
static_assert(event_kind_names.size() == static_cast<std::size_t>(EventKind::lend_ended) + 1);

constexpr std::string_view name_of(EventKind kind) {
  return event_kind_names[static_cast<std::size_t>(kind)];
}

// Nothing for a name that is no kind.
constexpr std::optional<EventKind> event_kind_of(std::string_view name) {
  for (std::size_t i = 0; i < event_kind_names.size(); ++i) {
    if (event_kind_names[i] == name) return static_cast<EventKind>(i);
  }
  return std::nullopt;
}

}  // namespace forgelink::protocol
