// SPDX-License-Identifier: MIT
// Handles `sign_in.wait`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/methods/connection_reply.hpp"
#include "daemon/sign_in/sign_ins.hpp"
#include "ipc/protocol/sign_in_wait.hpp"

namespace forgelink {

using protocol::SignInState;

Result<SignInState> state_of(SignIns::Outcome outcome, const Viewer& viewer);

struct SignInWait : protocol::SignInWait {
  SignIns& sign_ins;
  Viewer viewer;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
