// SPDX-License-Identifier: MIT
// Handles `front.close`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/front/fronts.hpp"
#include "ipc/protocol/front_close.hpp"

namespace forgelink {

struct FrontClose : protocol::FrontClose {
  Fronts& fronts;

  Result<Reply> call(Params params) const;
};

}  // namespace forgelink
