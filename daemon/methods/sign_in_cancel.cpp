// SPDX-License-Identifier: MIT
#include "daemon/methods/sign_in_cancel.hpp"

namespace forgelink {

awaitable<Result<SignInCancel::Reply>> SignInCancel::call(Params params) const {
  Result<bool> cancelled = co_await sign_ins.cancel(std::move(params.sign_in));
  if (!cancelled) co_return cancelled.error();
  co_return Reply{.state = *cancelled ? "cancelled" : "completed"};
}

}  // namespace forgelink
