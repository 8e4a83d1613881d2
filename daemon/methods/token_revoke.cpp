// SPDX-License-Identifier: MIT
#include "daemon/methods/token_revoke.hpp"

#include "daemon/methods/optional_text.hpp"

namespace forgelink {

awaitable<Result<TokenRevoke::Reply>> TokenRevoke::call(Params params) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  Result<TokenRevoker::Revoked> revoked = co_await revoker.revoke(*id);
  if (!revoked) co_return revoked.error();
  co_return Reply{.connection = id->text(),
                  .revocation = std::string(name_of(revoked->outcome)),
                  .url = unless_empty(std::move(revoked->url)),
                  .message = unless_empty(std::move(revoked->message))};
}

}  // namespace forgelink
