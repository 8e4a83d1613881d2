#include "daemon/methods/sign_in_cancel.hpp"

namespace forgelink {

Result<SignInCancel::Reply> SignInCancel::call(Params params) const {
  Result<> cancelled = sign_ins.cancel(params.sign_in);
  if (!cancelled) return cancelled.error();
  return Reply{.state = "cancelled"};
}

}  // namespace forgelink
