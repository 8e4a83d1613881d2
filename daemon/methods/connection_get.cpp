// SPDX-License-Identifier: MIT
#include "daemon/methods/connection_get.hpp"

namespace forgelink {

Result<ConnectionReply> ConnectionGet::call(Params params) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) return id.error();
  return viewer.reply(*id);
}

}  // namespace forgelink
