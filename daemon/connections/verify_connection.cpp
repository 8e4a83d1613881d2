// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "daemon/connections/connections.hpp"

namespace forgelink {

awaitable<Result<>> Connections::verify(ConnectionId id, Prompt prompt) {
  awaitable<Result<>> work = verify_once(id, prompt);
  Result<> outcome = co_await verifications_.run(id, std::move(work));
  co_return outcome;
}

awaitable<Result<>> Connections::verify_once(ConnectionId id, Prompt prompt) {
  const Connection* first = registry_.find(id);
  if (first == nullptr) co_return connection_gone();
  Result<> allowed = check_policy(*first, Policy::Extent::whole);
  if (!allowed) co_return allowed.error();
  if (first->token.item && first->sign_in == SignIn::oauth && first->token.state != TokenState::rejected) {
    // A token that renews itself is renewed before it is asked about; that takes the lock for itself.
    Result<SharedSecret> fresh = co_await tokens_.usable(id, prompt);
    if (!fresh) co_return fresh.error();
  }
  ConnectionLocks::Lock lock = co_await locks_.lock(id);
  Result<SharedSecret> token = co_await tokens_.stored(id, prompt);
  if (!token) co_return token.error();
  const Connection* found = registry_.find(id);
  if (found == nullptr) co_return connection_gone();
  const Connection asked = *found;

  SharedSecret access = access_of(*token);
  Result<Verification> said = co_await ask(asked, std::move(access));
  if (!said) {
    // Nothing happens if the token is another by now.
    if (said.error().code == Errc::token_rejected && asked.token.item) tokens_.refused(id, *asked.token.item);
    co_return dated(said.error(), asked, clock_.now());
  }
  Result<> taken = co_await take_over(asked, std::move(*said));
  co_return taken;
}

awaitable<Result<>> Connections::take_over(Connection asked, Verification said) {
  // A token that was saved without being verified may be another account's: this is the first door at which
  // that shows.
  Result<> same = check_account(asked, said);
  if (!same) co_return same;
  const Connection* now = registry_.find(asked.id);
  if (now == nullptr) co_return connection_gone();
  Connection row = *now;
  if (takes_account_name(row) && !row.username && said.account && said.account->login)
    row.username = said.account->login;
  apply(row, said, clock_.now());
  Result<> written = registry_.compare_and_swap(asked, std::move(row));
  if (!written) co_return written;
  events_.publish({.kind = EventKind::token_verified, .connection = registry_.find(asked.id)});
  co_return Result<>();
}

}  // namespace forgelink
