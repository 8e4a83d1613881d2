// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/methods/secret_store_view.hpp"
#include "daemon/services.hpp"
#include "ipc/protocol/daemon_status.hpp"

namespace forgelink {

struct DaemonStatus : protocol::DaemonStatus {
  Services& services;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
