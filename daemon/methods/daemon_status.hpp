// SPDX-License-Identifier: MIT
// Handles `daemon.status`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/methods/secret_store_view.hpp"
#include "daemon/services.hpp"
#include "ipc/protocol/daemon_status.hpp"

namespace forgelink {

struct DaemonStatus : protocol::DaemonStatus {
  Services& services;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
