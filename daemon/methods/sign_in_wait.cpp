// SPDX-License-Identifier: MIT
#include "daemon/methods/sign_in_wait.hpp"

namespace forgelink {

Result<SignInState> state_of(SignIns::Outcome outcome, const Viewer& viewer) {
  if (!outcome) return outcome.error();
  if (!*outcome) return SignInState{.state = "pending"};
  Result<ConnectionReply> reply = viewer.reply(**outcome);
  if (!reply) return reply.error();
  return SignInState{.state = "completed", .connection = std::move(reply->connection)};
}

awaitable<Result<SignInState>> SignInWait::call(Params params) const {
  if (params.timeout < 0 || params.timeout > 300)
    co_return invalid("timeout", "`timeout` must be from 0 to 300.");
  SignIns::Outcome outcome =
      co_await sign_ins.wait(std::move(params.sign_in), std::chrono::seconds(params.timeout));
  co_return state_of(std::move(outcome), viewer);
}

}  // namespace forgelink
