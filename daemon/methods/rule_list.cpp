// SPDX-License-Identifier: MIT
#include "daemon/methods/rule_list.hpp"

namespace forgelink {

awaitable<Result<RuleList::Reply>> RuleList::call(Params params) const {
  std::optional<ConnectionId> of;
  if (params.connection) {
    Result<ConnectionId> id = connections.find(*params.connection);
    if (!id) co_return id.error();
    of = *id;
  }
  Reply reply;
  for (const Rule& rule : rules.list(of)) reply.rules.push_back(view_of(rule, rules, registry));
  co_return reply;
}

}  // namespace forgelink
