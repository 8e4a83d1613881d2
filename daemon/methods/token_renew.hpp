// SPDX-License-Identifier: MIT
// Handles `token.renew`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/methods/connection_reply.hpp"
#include "daemon/tokens/token_renewer.hpp"
#include "ipc/protocol/token_renew.hpp"

namespace forgelink {

struct TokenRenew : protocol::TokenRenew {
  const Connections& connections;
  TokenRenewer& renewer;
  Viewer viewer;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
