// SPDX-License-Identifier: MIT
#include "daemon/methods/connection_remove.hpp"

namespace forgelink {

awaitable<Result<ConnectionRemove::Reply>> ConnectionRemove::call(Params params) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  Result<> removed = co_await connections.remove(*id);
  if (!removed) co_return removed.error();
  co_return Reply{.removed = id->text()};
}

}  // namespace forgelink
