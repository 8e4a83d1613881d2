// SPDX-License-Identifier: MIT
// Handles `forge.request`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/front/api_requests.hpp"
#include "ipc/protocol/forge_request.hpp"

namespace forgelink {

struct ForgeRequest : protocol::ForgeRequest {
  const Connections& connections;
  ApiRequests& requests;

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const;
};

}  // namespace forgelink
