// SPDX-License-Identifier: MIT
#include "daemon/methods/sign_in_complete.hpp"

namespace forgelink {

awaitable<Result<SignInState>> SignInComplete::call(Params params) const {
  SignIns::Outcome outcome =
      co_await sign_ins.complete(std::move(params.sign_in), std::move(params.redirect_url));
  co_return state_of(std::move(outcome), viewer);
}

}  // namespace forgelink
