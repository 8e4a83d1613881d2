// SPDX-License-Identifier: MIT
// Handles `lend.end`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/lend/lends.hpp"
#include "ipc/protocol/lend_end.hpp"

namespace forgelink {

struct LendEnd : protocol::LendEnd {
  Lends& lends;

  Result<Reply> call(Params params) const;
};

}  // namespace forgelink
