// SPDX-License-Identifier: MIT
// Handles `access.grants`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/access/consent.hpp"
#include "daemon/connections/connections.hpp"
#include "ipc/protocol/access_grants.hpp"

namespace forgelink {

struct AccessGrants : protocol::AccessGrants {
  const Connections& connections;
  const Consent& consent;

  Result<Reply> call(Params params) const;
};

}  // namespace forgelink
