// SPDX-License-Identifier: MIT
#include "daemon/connections/connections.hpp"

namespace forgelink {

awaitable<Result<ConnectionId>> Connections::add(NewConnection wanted) {
  Connection row = std::move(wanted.draft);
  row.id = ConnectionId::make();
  row.created_at = row.updated_at = clock_.now();
  Result<> checked = check_connection(row, settings_.endpoints);
  if (checked) checked = name_is_free(row);
  // How long the token lives may be known only after the forge was asked.
  if (checked) checked = check_policy(row, Policy::Extent::place);
  if (!checked) co_return checked.error();

  if (!wanted.token) {
    if (row.token.expires_at)
      co_return invalid("expires_at", "`expires_at` is the end of a token, and none is given.");
    Result<> inserted = registry_.insert(row);
    if (!inserted) co_return inserted.error();
    events_.publish({.kind = EventKind::connection_added, .connection = registry_.find(row.id)});
    co_return row.id;
  }

  if (row.sign_in == SignIn::oauth)
    co_return invalid("token", "A connection that signs in takes no token.",
                      "Leave `sign_in` out to use the token.");
  Result<SharedSecret> token = check_token(*find_provider(row.type), *wanted.token);
  wanted.token.reset();
  if (!token) co_return token.error();
  Result<ConnectionId> added = co_await add_with_token(std::move(row), std::move(*token), wanted.verify);
  co_return added;
}

awaitable<Result<ConnectionId>> Connections::add_with_token(Connection row, SharedSecret token, bool verify) {
  row.token.state = TokenState::unverified;
  row.token.expiry_typed = row.token.expires_at.has_value();
  if (row.token.expires_at && *row.token.expires_at <= clock_.now())
    co_return expired_on_arrival(*row.token.expires_at);
  if (verify) {
    Result<Verification> said = co_await ask(row, token);
    if (!said) co_return said.error();
    apply(row, *said, clock_.now());
  }
  Result<> allowed = check_policy(row, Policy::Extent::whole);
  if (!allowed) co_return allowed.error();
  const ConnectionId id = row.id;
  Result<> saved = co_await tokens_.put(std::move(row), std::nullopt, std::move(token), Prompt::allowed);
  if (!saved) co_return saved.error();
  const Connection* added = registry_.find(id);
  if (added == nullptr) co_return id;  // removed by somebody who saw it before this answer
  events_.publish({.kind = EventKind::connection_added, .connection = added});
  if (added->token.state == TokenState::valid)
    events_.publish({.kind = EventKind::token_verified, .connection = added});
  co_return id;
}

}  // namespace forgelink
