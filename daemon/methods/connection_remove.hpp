// SPDX-License-Identifier: MIT
// Handles `connection.remove`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/tokens/token_revoker.hpp"
#include "ipc/protocol/connection_remove.hpp"

namespace forgelink {

struct ConnectionRemove : protocol::ConnectionRemove {
  Connections& connections;
  TokenRevoker& revoker;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
