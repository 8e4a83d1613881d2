// SPDX-License-Identifier: MIT
#include "daemon/methods/daemon_lock.hpp"

namespace forgelink {

Result<DaemonLock::Reply> DaemonLock::call(Params) const {
  Result<> done = lock.lock(TokenLock::By::person);
  if (!done) return done.error();
  return Reply{.locked = lock.locked()};
}

}  // namespace forgelink
