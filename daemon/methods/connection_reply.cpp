// SPDX-License-Identifier: MIT
#include "daemon/methods/connection_reply.hpp"

namespace forgelink {

Result<ConnectionReply> Viewer::reply(ConnectionId id) const {
  if (const Connection* found = registry.find(id)) return ConnectionReply{.connection = show(*found)};
  return connection_gone();
}

}  // namespace forgelink
