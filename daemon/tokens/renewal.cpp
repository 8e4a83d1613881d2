// SPDX-License-Identifier: MIT
#include "daemon/tokens/renewal.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/model/connection_view.hpp"
#include "daemon/tokens/tokens.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// Renewed this long before its end, so that what git is given outlives the push.
constexpr std::chrono::minutes renewal_margin{5};
constexpr std::chrono::seconds pause_after_trouble{30};
constexpr RetryTimer::Delays between_writes{.first = 1s, .longest = 1min};

}  // namespace

Renewal::Renewal(asio::any_io_executor executor, Registry& registry, SecretVault& vault, EventHub& events,
                 ConnectionLocks& locks, const Clock& clock, Tokens& tokens)
    : registry_(registry),
      vault_(vault),
      events_(events),
      locks_(locks),
      clock_(clock),
      tokens_(tokens),
      write_held_(
          executor, [this] { return write_held(); }, between_writes) {}

bool Renewal::is_due(const Connection& connection) const {
  if (!renews_itself(connection)) return false;
  const Held* newer = held(connection);
  const auto end = newer != nullptr ? newer->expires_at : connection.token.expires_at;
  // A clock that was set back makes the end seem farther than it is.
  const bool is_from_later = connection.token.stored_at && *connection.token.stored_at > clock_.now();
  return end && (is_from_later || *end - renewal_margin <= clock_.now());
}

const Renewal::Held* Renewal::held(const Connection& connection) const {
  const auto found = held_.find(connection.id);
  if (found == held_.end() || connection.token.item != found->second.replaces) return nullptr;
  return &found->second;
}

awaitable<Result<SharedSecret>> Renewal::run(ConnectionId id, Prompt prompt, When when) {
  awaitable<Result<Access>> work = renew(id, prompt, when);
  Result<Access> access = co_await renewals_.run(id, std::move(work));
  if (!access) co_return access.error();
  // The token may have been purged or replaced before this waiter was woken.
  const Connection* now = registry_.find(id);
  if (now == nullptr) co_return connection_gone();
  if (!now->token.item) co_return token_trouble(*now, clock_.now());
  if (now->token.item == access->item) co_return access->token;
  // Replaced since: what the row names now is the token, not the one that was renewed.
  Result<SharedSecret> other = co_await tokens_.stored(id, prompt);
  if (!other) co_return other;
  co_return access_of(std::move(*other));
}

// What is left of the old token still serves; a failed attempt is no reason to refuse it.
Result<Renewal::Access> Renewal::old_or(const Connection& before, SharedSecret stored, Error why, When when) {
  if (when == When::now) return why;
  const Held* newer = held(before);
  const auto end = newer != nullptr ? newer->expires_at : before.token.expires_at;
  if (end && *end <= clock_.now()) return why;
  return Access{.token = access_of(std::move(stored)), .item = before.token.item};
}

awaitable<Result<Renewal::Access>> Renewal::renew(ConnectionId id, Prompt prompt, When when) {
  ConnectionLocks::Lock lock = co_await locks_.lock(id);
  Result<SharedSecret> stored = co_await tokens_.stored(id, prompt);
  if (!stored) co_return stored.error();
  const Connection* found = registry_.find(id);
  if (found == nullptr) co_return connection_gone();
  const Connection before = *found;
  if (when == When::now && refresh_of(**stored)->empty()) {
    co_return Error{.code = Errc::renew_unsupported,
                    .message = fmt::format("“{}” signed in without a token for renewal.", before.name),
                    .hint = "Sign in again: forgelink edit NAME --sign-in"};
  }
  // Asked under the lock: whoever held it before may have renewed the pair.
  if ((when == When::due && !is_due(before)) || !ask_) {
    Access fresh{.token = access_of(std::move(*stored)), .item = before.token.item};
    co_return fresh;
  }
  if (const auto wait = not_before_.find(id); wait != not_before_.end()) {
    if (wait->second.first > steady_clock::now())
      co_return old_or(before, *stored, wait->second.second, when);
    not_before_.erase(wait);
  }
  Result<Access> access = co_await ask_forge(before, std::move(*stored), when);
  co_return access;
}

awaitable<Result<Renewal::Access>> Renewal::ask_forge(Connection before, SharedSecret stored, When when) {
  const ConnectionId id = before.id;
  // The refresh token may serve once: nothing is asked unless its successor can be kept.
  Result<> writable = co_await vault_.check_writable(before.retention);
  if (!writable) {
    spdlog::warn("the token of \"{}\" is not renewed, since it could not be stored: {}", before.name,
                 writable.error().message);
    not_before_[id] = {steady_clock::now() + pause_after_trouble, writable.error()};
    co_return old_or(before, std::move(stored), writable.error(), when);
  }
  SharedSecret refresh = refresh_of(*stored);
  if (refresh->empty()) {
    // A forge need not give a refresh token (RFC 8628 section 3.5): then the access token serves to its end.
    Error over{.code = Errc::token_expired,
               .message = fmt::format("The sign-in of “{}” has ended; it came without a token for renewal.",
                                      before.name),
               .hint = "Sign in again: forgelink edit NAME --sign-in"};
    co_return old_or(before, std::move(stored), std::move(over), when);
  }
  Result<TokenPair> pair = co_await ask_(id, std::move(refresh));
  if (pair) {
    Result<Access> access = co_await take_over(std::move(before), std::move(*pair));
    co_return access;
  }
  if (pair.error().code == Errc::token_rejected) {
    if (before.token.item) tokens_.refused(id, *before.token.item);
    co_return pair.error();
  }
  spdlog::warn("the token of \"{}\" could not be renewed: {}", before.name, pair.error().message);
  if (const auto wait = pair.error().retry_after)
    not_before_[id] = {steady_clock::now() + *wait, pair.error()};
  co_return old_or(before, std::move(stored), pair.error(), when);
}

// The old pair is dead from now on.
awaitable<Result<Renewal::Access>> Renewal::take_over(Connection before, TokenPair pair) {
  Connection row = before;
  row.token.expires_at = pair.expires_at;
  row.token.state = TokenState::valid;
  SharedSecret fresh = stored_form(pair);
  const ConnectionId id = before.id;
  std::optional<Connection> expected = before;
  Result<> written =
      co_await tokens_.put(std::move(row), std::move(expected), fresh, Prompt::never, IfStoreFails::hold);
  // The row could not be written, so put() has taken the new pair out of the store again. The pair is held
  // here, or the connection would be left with a dead one.
  if (!written && written.error().code == Errc::database_failed && before.token.item) {
    spdlog::error("the renewed token of \"{}\" is held in memory: {}", before.name, written.error().message);
    hold(id, {.stored = fresh, .expires_at = pair.expires_at, .replaces = *before.token.item});
  } else if (!written) {
    co_return written.error();  // purged, replaced or removed meanwhile: nobody wants the new one
  } else {
    let_go(id);
    events_.publish({.kind = EventKind::connection_updated, .connection = registry_.find(id)});
  }
  const Connection* now = registry_.find(id);
  Access access{.token = access_of(std::move(fresh)),
                .item = now != nullptr ? now->token.item : std::nullopt};
  co_return access;
}

void Renewal::hold(ConnectionId id, Held held) {
  held_.insert_or_assign(id, std::move(held));
  if (on_held_changed) on_held_changed();
  write_held_.start();
}

void Renewal::restore(ConnectionId id, Held held) { hold(id, std::move(held)); }

void Renewal::let_go(ConnectionId id) {
  if (held_.erase(id) > 0 && on_held_changed) on_held_changed();
}

void Renewal::drop_stale() {
  const auto dropped = std::erase_if(held_, [this](const auto& entry) {
    const Connection* row = registry_.find(entry.first);
    return row == nullptr || row->token.item != entry.second.replaces;
  });
  if (dropped > 0 && on_held_changed) on_held_changed();
}

// True once nothing is held any more.
awaitable<bool> Renewal::write_held() {
  std::vector<ConnectionId> ids;
  // Copied: `held_` changes while locks and stores are waited for.
  for (const auto& [id, held] : held_) ids.push_back(id);
  for (const ConnectionId& id : ids) {
    ConnectionLocks::Lock lock = co_await locks_.lock(id);
    const Connection* found = registry_.find(id);
    const Held* newer = found != nullptr ? held(*found) : nullptr;
    if (newer == nullptr) {
      let_go(id);
      continue;
    }
    const Connection before = *found;
    Connection row = before;
    row.token.expires_at = newer->expires_at;
    row.token.state = TokenState::valid;
    SharedSecret stored = newer->stored;
    std::optional<Connection> expected = before;
    Result<> written = co_await tokens_.put(std::move(row), std::move(expected), std::move(stored),
                                            Prompt::never, IfStoreFails::hold);
    // Tried again later. Any other failure means that the row has another token by now, or is gone.
    if (!written && written.error().code == Errc::database_failed) continue;
    let_go(id);
    if (written) events_.publish({.kind = EventKind::connection_updated, .connection = registry_.find(id)});
  }
  co_return held_.empty();
}

}  // namespace forgelink
