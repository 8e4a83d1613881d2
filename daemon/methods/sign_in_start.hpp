// SPDX-License-Identifier: MIT
// Handles `sign_in.start`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/sign_in/sign_ins.hpp"
#include "ipc/protocol/sign_in_start.hpp"

namespace forgelink {

struct SignInStart : protocol::SignInStart {
  const Connections& connections;
  SignIns& sign_ins;
  const Settings& settings;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
