// SPDX-License-Identifier: MIT
// Handles `daemon.unlock`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/access/token_lock.hpp"
#include "ipc/protocol/daemon_unlock.hpp"

namespace forgelink {

struct DaemonUnlock : protocol::DaemonUnlock {
  TokenLock& lock;

  Result<Reply> call(Params) const;
};

}  // namespace forgelink
