// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/sign_in/sign_ins.hpp"
#include "ipc/protocol/sign_in_cancel.hpp"

namespace forgelink {

struct SignInCancel : protocol::SignInCancel {
  SignIns& sign_ins;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
