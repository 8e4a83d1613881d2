// SPDX-License-Identifier: MIT
// Rotates a connection's token on demand: a personal token by the forge's rotation, the pair of a sign-in by
// its refresh token.
//
// A rotation ends the old token at once, and a forge may take the reuse of an ended token as theft and end
// the new one as well. Therefore a mark is written to the registry before the forge is asked. After an
// interrupted rotation the marked token is verified first, and rotated again only if it is still valid. A new
// token whose answer was lost is reported as lost. On the loop; what it refers to must outlive it.
#pragma once

#include "daemon/tokens/tokens.hpp"
#include "providers/http/http.hpp"
#include "providers/provider.hpp"

namespace forgelink {

class TokenRenewer {
 public:
  TokenRenewer(Registry& registry, Tokens& tokens, ConnectionLocks& locks, http::Client& http,
               EventHub& events, const Settings& settings, const Clock& clock);

  // Who wants it: a person, who may be asked to unlock the keyring, or [tokens] renew, which asks nobody.
  enum class By { person, setting };

  // `expires_at`: of a personal token; its old life's length, at most a year, if left out. Errors:
  // `renew_unsupported` with the page that makes a token, `invalid_params` on `expires_at`, `scope_missing`,
  // `token_rejected` if the new token was lost, `policy_forbids`, and those of the forge, the network and the
  // store.
  awaitable<Result<>> renew(ConnectionId id, std::optional<Time> expires_at, By by = By::person);

  // At start: what became of rotations that a crash interrupted.
  awaitable<> settle_interrupted();

  // A rotation is on its way: the new token comes once, so the daemon does not end meanwhile if it can wait.
  bool is_busy() const { return under_way_ > 0; }

 private:
  awaitable<Result<>> rotate(ConnectionId id, std::optional<Time> expires_at, Prompt prompt);
  awaitable<Result<>> settle(Connection row, Target target);
  Result<> lose(const Connection& row);
  Result<> mark(const Connection& row);
  void unmark(ConnectionId id);
  bool is_marked(const Connection& row) const;

  Registry& registry_;
  Tokens& tokens_;
  ConnectionLocks& locks_;
  http::Client& http_;
  EventHub& events_;
  const Settings& settings_;
  const Clock& clock_;
  std::size_t under_way_ = 0;
};

}  // namespace forgelink
