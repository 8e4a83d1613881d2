// SPDX-License-Identifier: MIT
#include "daemon/methods/sign_in_cancel.hpp"

namespace forgelink {

Result<SignInCancel::Reply> SignInCancel::call(Params params) const {
  Result<bool> cancelled = sign_ins.cancel(params.sign_in);
  if (!cancelled) return cancelled.error();
  return Reply{.state = *cancelled ? "cancelled" : "completed"};
}

}  // namespace forgelink
