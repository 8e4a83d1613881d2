// SPDX-License-Identifier: MIT
// Handles `connection.get`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/methods/connection_reply.hpp"
#include "ipc/protocol/connection_get.hpp"

namespace forgelink {

struct ConnectionGet : protocol::ConnectionGet {
  const Connections& connections;
  Viewer viewer;

  Result<Reply> call(Params params) const;
};

}  // namespace forgelink
