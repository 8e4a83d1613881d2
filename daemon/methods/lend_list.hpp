// SPDX-License-Identifier: MIT
// Handles `lend.list`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/lend/lends.hpp"
#include "ipc/protocol/lend_list.hpp"

namespace forgelink {

struct LendList : protocol::LendList {
  const Lends& lends;

  Result<Reply> call(Params) const;
};

}  // namespace forgelink
