// SPDX-License-Identifier: MIT
#include "daemon/methods/token_renew.hpp"

namespace forgelink {

awaitable<Result<TokenRenew::Reply>> TokenRenew::call(Params params) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  Result<> renewed = co_await renewer.renew(*id, params.expires_at);
  if (!renewed) co_return renewed.error();
  co_return viewer.reply(*id);
}

}  // namespace forgelink
