// SPDX-License-Identifier: MIT
// Handles `access.answer`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/access/consent.hpp"
#include "ipc/protocol/access_answer.hpp"

namespace forgelink {

struct AccessAnswer : protocol::AccessAnswer {
  Consent& consent;

  Result<Reply> call(Params params) const;
};

}  // namespace forgelink
