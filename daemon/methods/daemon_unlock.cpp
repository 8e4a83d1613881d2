// SPDX-License-Identifier: MIT
#include "daemon/methods/daemon_unlock.hpp"

namespace forgelink {

Result<DaemonUnlock::Reply> DaemonUnlock::call(Params) const {
  Result<> done = lock.unlock(TokenLock::By::person);
  if (!done) return done.error();
  return Reply{.locked = lock.locked()};
}

}  // namespace forgelink
