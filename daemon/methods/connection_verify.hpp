// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/methods/connection_reply.hpp"
#include "ipc/protocol/connection_verify.hpp"

namespace forgelink {

struct ConnectionVerify : protocol::ConnectionVerify {
  Connections& connections;
  Viewer viewer;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
