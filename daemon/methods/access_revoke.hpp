// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/access/consent.hpp"
#include "ipc/protocol/access_revoke.hpp"

namespace forgelink {

struct AccessRevoke : protocol::AccessRevoke {
  Consent& consent;

  Result<Reply> call(Params params) const;
};

}  // namespace forgelink
