// SPDX-License-Identifier: MIT
// The tokens of connections: storing one, reading one for use, and recording what the forge says about it.
//
// Order of writing: secret first, row second; at the end of a token the row first. Every row that is written
// after a wait is written by Registry::compare_and_swap, so that a token that was purged or replaced
// meanwhile does not come back. What is handed out is checked again after every wait. A pair that renews
// itself is renewed ahead of its end (daemon/tokens/renewal.hpp). On the loop.
#pragma once

#include <functional>

#include "base/keyed_mutex.hpp"
#include "daemon/events/events.hpp"
#include "daemon/tokens/renewal.hpp"
#include "daemon/tokens/token_pair.hpp"
#include "daemon/vault/secret_vault.hpp"
#include "storage/registry.hpp"

namespace forgelink {

class Tokens {
 public:
  // Trades a refresh token for a new pair; `token_rejected` only on the forge's own final word.
  using Renew = Renewal::Ask;

  Tokens(asio::any_io_executor executor, Registry& registry, SecretVault& vault, EventHub& events,
         ConnectionLocks& locks, const Clock& clock);

  void on_renew(Renew renew) { renewal_.on_renew(std::move(renew)); }

  // Puts `secret` away, then writes the row with it; nothing is left behind if either fails. What the row
  // named before goes last. `before`: the row as the caller read it before it waited; nothing for a new
  // connection, which is inserted. Fails as Registry::compare_and_swap and SecretVault::keep do.
  awaitable<Result<>> put(Connection row, std::optional<Connection> before, SharedSecret secret,
                          Prompt prompt, IfStoreFails if_store_fails = IfStoreFails::fail);

  // The token to send to the forge or hand to git. Fails with token_missing, token_expired, token_rejected,
  // or as the vault does. Renews it first where it is about to end; so do not call it while holding the
  // connection's lock.
  awaitable<Result<SharedSecret>> usable(ConnectionId id, Prompt prompt);

  // Renews the pair of a sign-in now, however long it would last. `renew_unsupported` without a refresh
  // token.
  awaitable<Result<SharedSecret>> renew_now(ConnectionId id, Prompt prompt) {
    Result<SharedSecret> fresh = co_await renewal_.run(id, prompt, Renewal::When::now);
    co_return fresh;
  }

  // As it is in the store, whatever its state: to ask the forge about it again.
  awaitable<Result<SharedSecret>> stored(ConnectionId id, Prompt prompt);

  // Whether a new token could be kept now. To be asked before a one-time value (authorization code, device
  // code, refresh token) is spent, since its successor comes once.
  awaitable<Result<>> check_writable(Retention retention, Prompt prompt = Prompt::never) {
    return vault_.check_writable(retention, prompt);
  }
  // The same by what is known already, without a write.
  bool looks_writable() const { return vault_.state() == StoreState::available; }

  // The forge refused or took the token that was the item `item`; nothing happens if it is another by now.
  void refused(ConnectionId id, ItemId item);
  void accepted(ConnectionId id, ItemId item);

  static SharedSecret access_of(SharedSecret stored) { return forgelink::access_of(std::move(stored)); }
  static SharedSecret refresh_of(const Secret& stored) { return forgelink::refresh_of(stored); }
  static SharedSecret stored_form(const TokenPair& pair) { return forgelink::stored_form(pair); }

  // Takes the tokens of these connections away: rows at once, items after. Gives the ids of those that had
  // one.
  struct Purged {
    std::vector<ConnectionId> ids;
    std::optional<Error> failed;  // why some of their rows could not be written
  };
  // Of a token whose row cannot be written: keep both, or let the secret go all the same, as at the end of a
  // session, whose next start purges the row again.
  enum class IfUnwritable { keep, purge };
  awaitable<Purged> purge(std::vector<ConnectionId> ids, std::string_view why, IfUnwritable if_unwritable);

  // At start: what locked memory held has ended with the last daemon.
  void forget_lost_memory();

  // The store takes writes again: moves what is held in memory for it. Called when its state has changed.
  void store_changed();

  Renewal& renewal() { return renewal_; }

 private:
  Result<const Connection*> find(ConnectionId id) const;
  awaitable<bool> move_held();
  void write_state(Connection row, TokenState state, EventKind event);
  void publish_purge(const std::vector<ConnectionId>& purged, std::string_view why);

  Registry& registry_;
  SecretVault& vault_;
  EventHub& events_;
  ConnectionLocks& locks_;
  const Clock& clock_;
  Renewal renewal_;
  RetryTimer move_held_;
};

// Clears what a row says of its token (state, expiry, scopes) and its hint. The account stays.
void clear_token(Connection& connection);

// Why the token of that connection cannot be used, as of now.
Error token_trouble(const Connection& connection, Time now);

}  // namespace forgelink
