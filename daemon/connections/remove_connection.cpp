// SPDX-License-Identifier: MIT
#include "daemon/connections/connections.hpp"

namespace forgelink {

awaitable<Result<>> Connections::remove(ConnectionId id) {
  const Connection* found = registry_.find(id);
  if (found == nullptr) co_return connection_gone();
  // A copy for the event, which tells of the row as it was.
  const Connection removed = *found;
  Result<> gone = registry_.remove(id);
  if (!gone) co_return gone.error();
  events_.publish({.kind = EventKind::connection_removed, .connection = &removed});
  if (removed.token.item) co_await vault_.erase(removed.token.store, *removed.token.item, Prompt::allowed);
  co_return Result<>();
}

}  // namespace forgelink
