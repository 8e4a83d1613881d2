// SPDX-License-Identifier: MIT
// Handles `sign_in.complete`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/methods/sign_in_wait.hpp"
#include "ipc/protocol/sign_in_complete.hpp"

namespace forgelink {

struct SignInComplete : protocol::SignInComplete {
  SignIns& sign_ins;
  Viewer viewer;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
