// SPDX-License-Identifier: MIT
// Handles `connection.update`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/methods/connection_reply.hpp"
#include "ipc/protocol/connection_update.hpp"

namespace forgelink {

struct ConnectionUpdate : protocol::ConnectionUpdate {
  Connections& connections;
  Viewer viewer;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
