// SPDX-License-Identifier: MIT
// Handles `front.open`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/front/fronts.hpp"
#include "ipc/protocol/front_open.hpp"

namespace forgelink {

struct FrontOpen : protocol::FrontOpen {
  const Connections& connections;
  Fronts& fronts;

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const;
};

}  // namespace forgelink
