// SPDX-License-Identifier: MIT
#include "daemon/methods/front_close.hpp"

namespace forgelink {

Result<FrontClose::Reply> FrontClose::call(Params params) const {
  Result<> closed = fronts.close(params.front);
  if (!closed) return closed.error();
  return Reply{.closed = std::move(params.front)};
}

}  // namespace forgelink
