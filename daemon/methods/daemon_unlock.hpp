// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/access/token_lock.hpp"
#include "ipc/protocol/daemon_unlock.hpp"

namespace forgelink {

struct DaemonUnlock : protocol::DaemonUnlock {
  TokenLock& lock;

  Result<Reply> call(Params) const;
};

}  // namespace forgelink
