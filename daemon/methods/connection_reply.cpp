#include "daemon/methods/connection_reply.hpp"

namespace forgelink {

Result<ConnectionReply> Viewer::reply(ConnectionId id) const {
  if (const Connection* found = registry.find(id)) return ConnectionReply{.connection = show(*found)};
  return Error{
      .code = Errc::not_found, .message = "The connection was removed meanwhile.", .field = "connection"};
}

}  // namespace forgelink
