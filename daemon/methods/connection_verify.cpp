// SPDX-License-Identifier: MIT
#include "daemon/methods/connection_verify.hpp"

namespace forgelink {

awaitable<Result<ConnectionReply>> ConnectionVerify::call(Params params) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  Result<> verified = co_await connections.verify(*id, Prompt::allowed);
  if (!verified) co_return verified.error();
  co_return viewer.reply(*id);
}

}  // namespace forgelink
