// SPDX-License-Identifier: MIT
// Handles `connection.verify`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/access/gate.hpp"
#include "daemon/connections/connections.hpp"
#include "daemon/methods/connection_reply.hpp"
#include "ipc/protocol/connection_verify.hpp"

namespace forgelink {

struct ConnectionVerify : protocol::ConnectionVerify {
  Connections& connections;
  Viewer viewer;
  Gate& gate;

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const;
};

}  // namespace forgelink
