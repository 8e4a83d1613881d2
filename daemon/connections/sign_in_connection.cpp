// SPDX-License-Identifier: MIT
#include "daemon/connections/connections.hpp"

namespace forgelink {

// Reads whose the pair is, and writes it into the draft; `account_changed` if it is another's.
awaitable<Result<>> Connections::ask_account(Connection& draft, const TokenPair& pair,
                                             bool accept_account_change) {
  auto access = std::make_shared<const Secret>(pair.access.reveal());
  Connection asked = draft;
  // Where the user name must be the account's, another account is told as such and not by its name.
  const bool named_by_account = takes_account_name(draft);
  if (named_by_account && (draft.account || accept_account_change)) asked.username.reset();
  Result<Verification> said = co_await ask(asked, std::move(access));
  if (!said) co_return said.error();
  if (!accept_account_change) {
    Result<> same = check_account(draft, *said);
    if (!same) co_return same.error();
  }
  if (named_by_account && said->account && said->account->login && !asked.username)
    draft.username = said->account->login;
  if (!said->scopes && !pair.scopes.empty()) said->scopes = pair.scopes;
  apply(draft, *said, clock_.now());
  co_return Result<>();
}

awaitable<Result<ConnectionId>> Connections::sign_in(Connection draft, std::shared_ptr<const TokenPair> pair,
                                                     SignInTerms terms, std::function<bool()> may_save) {
  const ConnectionId id = draft.id;
  ConnectionLocks::Lock lock = co_await locks_.lock(id);
  std::optional<Connection> before;
  if (terms.is_new) {
    Result<> free = name_is_free(draft);
    if (!free) co_return free.error();
  } else {
    // As it is by now, whatever was edited while the person was in the browser.
    const Connection* now = registry_.find(id);
    if (now == nullptr) co_return connection_gone();
    before = *now;
    draft = *now;
    draft.sign_in = SignIn::oauth;
  }
  const TokenMetadata fresh{.state = TokenState::unverified};
  draft.token = fresh;
  draft.hint.reset();
  Result<> allowed = check_policy(draft, Policy::Extent::place);
  if (!allowed) co_return allowed.error();

  if (terms.ask_account) {
    Result<> said = co_await ask_account(draft, *pair, terms.accept_account_change);
    if (!said) co_return said.error();
  } else {
    if (!pair->scopes.empty()) draft.token.scopes = pair->scopes;
    draft.hint = "The forge gave the token but did not say whose it is. Verify it once it answers again.";
  }
  draft.token.expires_at = pair->expires_at;  // the pair's own word; a header tells of personal tokens

  if (may_save && !may_save())
    co_return Error{.code = Errc::sign_in_cancelled, .message = "The sign-in had ended before it was saved."};
  // The code is spent, so the pair is kept even if the keyring does not take it now.
  SharedSecret stored = stored_form(*pair);
  Result<> put = co_await tokens_.put(std::move(draft), std::move(before), std::move(stored), Prompt::allowed,
                                      IfStoreFails::hold);
  if (!put) co_return put.error();
  const Connection* saved = registry_.find(id);
  if (saved == nullptr) co_return id;
  events_.publish({.kind = terms.is_new ? EventKind::connection_added : EventKind::connection_updated,
                   .connection = saved});
  if (terms.ask_account) events_.publish({.kind = EventKind::token_verified, .connection = saved});
  co_return id;
}

}  // namespace forgelink
