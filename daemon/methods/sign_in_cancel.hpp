// SPDX-License-Identifier: MIT
// Handles `sign_in.cancel`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/sign_in/sign_ins.hpp"
#include "ipc/protocol/sign_in_cancel.hpp"

namespace forgelink {

struct SignInCancel : protocol::SignInCancel {
  SignIns& sign_ins;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
