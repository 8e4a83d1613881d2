// SPDX-License-Identifier: MIT
// Handles `token.revoke`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/tokens/token_revoker.hpp"
#include "ipc/protocol/token_revoke.hpp"

namespace forgelink {

struct TokenRevoke : protocol::TokenRevoke {
  const Connections& connections;
  TokenRevoker& revoker;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
