// SPDX-License-Identifier: MIT
#include "daemon/methods/access_revoke.hpp"

namespace forgelink {

Result<AccessRevoke::Reply> AccessRevoke::call(Params params) const {
  Result<> revoked = consent.revoke(params.grant);
  if (!revoked) return revoked.error();
  return Reply{.revoked = std::move(params.grant)};
}

}  // namespace forgelink
