// SPDX-License-Identifier: MIT
// Handles `access.list`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/access/access_recorder.hpp"
#include "daemon/connections/connections.hpp"
#include "ipc/protocol/access_list.hpp"

namespace forgelink {

struct AccessList : protocol::AccessList {
  const Connections& connections;
  AccessRecorder& log;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
