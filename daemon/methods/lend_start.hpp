// SPDX-License-Identifier: MIT
// Handles `lend.start`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/access/gate.hpp"
#include "daemon/connections/connections.hpp"
#include "daemon/lend/lends.hpp"
#include "ipc/protocol/lend_start.hpp"

namespace forgelink {

struct LendStart : protocol::LendStart {
  const Connections& connections;
  Gate& gate;
  Lends& lends;

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const;
};

protocol::LendView view_of_lend(const Lend& lend);

}  // namespace forgelink
