// SPDX-License-Identifier: MIT
// Handles `access.revoke`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/access/consent.hpp"
#include "ipc/protocol/access_revoke.hpp"

namespace forgelink {

struct AccessRevoke : protocol::AccessRevoke {
  Consent& consent;

  Result<Reply> call(Params params) const;
};

}  // namespace forgelink
