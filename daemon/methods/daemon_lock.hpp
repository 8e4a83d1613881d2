// SPDX-License-Identifier: MIT
// Handles `daemon.lock`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/access/token_lock.hpp"
#include "ipc/protocol/daemon_lock.hpp"

namespace forgelink {

struct DaemonLock : protocol::DaemonLock {
  TokenLock& lock;

  Result<Reply> call(Params) const;
};

}  // namespace forgelink
