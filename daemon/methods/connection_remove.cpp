// SPDX-License-Identifier: MIT
#include "daemon/methods/connection_remove.hpp"

#include "daemon/methods/optional_text.hpp"

namespace forgelink {

awaitable<Result<ConnectionRemove::Reply>> ConnectionRemove::call(Params params) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  TokenRevoker::Revoked revoked;
  if (params.revoke) {
    Result<TokenRevoker::Revoked> asked = co_await revoker.ask(*id);
    // Without a token there is nothing to revoke.
    if (!asked && asked.error().code != Errc::token_missing) co_return asked.error();
    if (asked) revoked = std::move(*asked);
  }
  Reply reply{.removed = std::nullopt,
              .revocation = std::string(name_of(revoked.outcome)),
              .url = unless_empty(std::move(revoked.url)),
              .message = unless_empty(std::move(revoked.message))};
  // A token that may live on is not forgotten without a word.
  if (revoked.outcome == TokenRevoker::Outcome::failed && !params.force) co_return reply;
  Result<> removed = co_await connections.remove(*id);
  if (!removed) co_return removed.error();
  reply.removed = id->text();
  co_return reply;
}

}  // namespace forgelink
