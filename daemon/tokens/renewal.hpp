// SPDX-License-Identifier: MIT
// Renews the token pair of a sign-in before the access token expires.
//
// A refresh token may be single-use: once it is sent, only the new pair is valid. Therefore the store is
// probed with a write before the forge is asked; the new pair is never dropped (while it cannot be stored it
// is held in locked memory and written later); and there is one renewal at a time per connection, whose
// outcome, success or failure, every waiter gets. `Retry-After` is respected. On the loop.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>

#include "base/keyed_mutex.hpp"
#include "base/retry_timer.hpp"
#include "base/single_flight.hpp"
#include "daemon/events/events.hpp"
#include "daemon/tokens/token_pair.hpp"
#include "daemon/vault/secret_vault.hpp"

namespace forgelink {

class Tokens;

class Renewal {
 public:
  // Sends the refresh token to the forge; `token_rejected` only on the forge's own final word.
  using Ask = std::function<awaitable<Result<TokenPair>>(ConnectionId, SharedSecret refresh)>;

  Renewal(asio::any_io_executor executor, Registry& registry, SecretVault& vault, EventHub& events,
          ConnectionLocks& locks, const Clock& clock, Tokens& tokens);

  void on_renew(Ask ask) { ask_ = std::move(ask); }

  // Is its access token over, or about to be?
  bool is_due(const Connection& connection) const;

  // `due`: only if the token is about to end; `now`: because a person wants it, and no old one will do.
  enum class When { due, now };

  // An access token that is good for a while, renewed if need be; what is left of the old one if it cannot
  // be renewed now. REQUIRES: the caller does not hold the connection's lock.
  awaitable<Result<SharedSecret>> run(ConnectionId id, Prompt prompt, When when = When::due);

  // A pair that the forge gave and neither store nor registry has; null if there is none. It belongs to the
  // row as long as that names `replaces`.
  struct Held {
    SharedSecret stored;  // as `stored_form`
    std::optional<Time> expires_at;
    ItemId replaces;
  };
  const Held* held(const Connection& connection) const;
  const std::unordered_map<ConnectionId, Held>& all_held() const { return held_; }
  // Takes over what a former process held, or another new token whose predecessor is dead.
  void restore(ConnectionId id, Held held);
  // Lets go of pairs whose row names another token by now, or none. Called when rows have changed.
  void drop_stale();

  // Called after each change of `all_held`.
  std::function<void()> on_held_changed;

 private:
  // An access token, and the item of the row that it belongs to.
  struct Access {
    SharedSecret token;
    std::optional<ItemId> item;
  };
  awaitable<Result<Access>> renew(ConnectionId id, Prompt prompt, When when);
  awaitable<Result<Access>> ask_forge(Connection before, SharedSecret stored, When when);
  awaitable<Result<Access>> take_over(Connection before, TokenPair pair);
  Result<Access> old_or(const Connection& before, SharedSecret stored, Error why, When when);
  awaitable<bool> write_held();
  void hold(ConnectionId id, Held held);
  void let_go(ConnectionId id);

  Registry& registry_;
  SecretVault& vault_;
  EventHub& events_;
  ConnectionLocks& locks_;
  const Clock& clock_;
  Tokens& tokens_;
  Ask ask_;
  SingleFlight<ConnectionId, Access> renewals_;
  // Not asked again before: the forge's Retry-After, or a pause after the store took no write.
  std::unordered_map<ConnectionId, std::pair<std::chrono::steady_clock::time_point, Error>> not_before_;
  std::unordered_map<ConnectionId, Held> held_;
  RetryTimer write_held_;
};

}  // namespace forgelink
