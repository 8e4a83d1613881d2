// SPDX-License-Identifier: MIT
// The tokens of connections: putting one away, getting one to use, remembering what the forges say of it.
//
// Order of writing (design section 5): secret first, row second; at the end of a token the row first. A token
// that renews itself (a GitHub App's) is renewed here, ahead of its end, one renewal at a time per
// connection; the new pair is stored before the new access token is handed out. On the loop.
#pragma once

#include <functional>

#include "daemon/events/events.hpp"
#include "base/keyed_mutex.hpp"
#include "daemon/tokens/secret_vault.hpp"
#include "storage/registry.hpp"

namespace forgelink {

// A token pair of a sign-in.
struct TokenPair {
  Secret access;
  std::optional<Secret> refresh;
  std::optional<Time> expires_at;
  std::vector<std::string> scopes;
};

class Tokens {
 public:
  // Trades a refresh token for a new pair; `token_rejected` only on the forge's own final word.
  using Renew = std::function<awaitable<Result<TokenPair>>(ConnectionId, SharedSecret refresh)>;

  Tokens(Registry& registry, SecretVault& vault, EventHub& events, ConnectionLocks& locks, const Clock& clock)
      : registry_(registry), vault_(vault), events_(events), locks_(locks), clock_(clock) {}

  void on_renew(Renew renew) { renew_ = std::move(renew); }

  enum class Row { insert, update };

  // Puts `secret` away, then writes the row with it; nothing is left behind if either fails. What the row
  // named before goes last.
  awaitable<Result<>> put(Connection row, SharedSecret secret, Row how, Prompt prompt);

  // The token to send to the forge or hand to git. Fails with token_missing, token_expired, token_rejected,
  // or as the vault does. Renews it first where it is about to end; so do not call it while holding the
  // connection's turn.
  awaitable<Result<SharedSecret>> usable(ConnectionId id, Prompt prompt);

  // Renews the pair of a sign-in now, however long it would last. `renew_unsupported` without a refresh token.
  awaitable<Result<SharedSecret>> renew_now(ConnectionId id, Prompt prompt) {
    Result<SharedSecret> fresh = co_await renewed(id, prompt, true);
    co_return fresh;
  }

  // As it is in the store, whatever its state: to ask the forge about it again.
  awaitable<Result<SharedSecret>> stored(ConnectionId id, Prompt prompt);

  // The forge refused or took the token that was the item `item`; nothing happens if it is another by now.
  void refused(ConnectionId id, ItemId item);
  void accepted(ConnectionId id, ItemId item);

  // The access token of what is stored (a pair is stored as two lines), and what is stored for a pair.
  static SharedSecret access_of(SharedSecret stored);
  static SharedSecret refresh_of(const Secret& stored);
  static SharedSecret stored_form(const TokenPair& pair);

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

 private:
  awaitable<Result<SharedSecret>> renewed(ConnectionId id, Prompt prompt, bool demanded = false);
  Result<const Connection*> find(ConnectionId id) const;
  Error token_trouble(const Connection& connection) const;
  void write_state(Connection row, TokenState state, EventKind event);

  Registry& registry_;
  SecretVault& vault_;
  EventHub& events_;
  ConnectionLocks& locks_;
  const Clock& clock_;
  Renew renew_;
};

// A row whose token is gone: every fact about it as well.
void clear_token(Connection& connection);

}  // namespace forgelink
