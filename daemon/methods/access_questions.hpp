// SPDX-License-Identifier: MIT
// Handles `access.questions`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/access/consent.hpp"
#include "ipc/protocol/access_questions.hpp"

namespace forgelink {

struct AccessQuestions : protocol::AccessQuestions {
  const Consent& consent;

  Result<Reply> call(Params) const;
};

}  // namespace forgelink
