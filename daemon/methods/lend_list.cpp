// SPDX-License-Identifier: MIT
#include "daemon/methods/lend_list.hpp"

#include "daemon/methods/lend_start.hpp"

namespace forgelink {

Result<LendList::Reply> LendList::call(Params) const {
  Reply reply;
  for (const Lend& lend : lends.list()) reply.lends.push_back(view_of_lend(lend));
  return reply;
}

}  // namespace forgelink
