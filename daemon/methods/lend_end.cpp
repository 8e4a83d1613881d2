// SPDX-License-Identifier: MIT
#include "daemon/methods/lend_end.hpp"

namespace forgelink {

Result<LendEnd::Reply> LendEnd::call(Params params) const {
  Result<> ended = lends.end(params.lend, "it was ended");
  if (!ended) return ended.error();
  return Reply{.ended = std::move(params.lend)};
}

}  // namespace forgelink
