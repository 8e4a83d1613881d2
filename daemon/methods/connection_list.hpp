// SPDX-License-Identifier: MIT
// Handles `connection.list`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/methods/connection_reply.hpp"
#include "ipc/field_types.hpp"
#include "ipc/protocol/connection_list.hpp"

namespace forgelink {

struct ConnectionList : protocol::ConnectionList {
  Viewer viewer;

  Result<Reply> call(Params params) const;
};

}  // namespace forgelink
