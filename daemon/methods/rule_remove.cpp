// SPDX-License-Identifier: MIT
#include "daemon/methods/rule_remove.hpp"

namespace forgelink {

awaitable<Result<RuleRemove::Reply>> RuleRemove::call(Params params) const {
  const auto id = RuleId::parse(params.rule);
  // An id that is none names no rule either.
  Result<> removed = rules.remove(id.value_or(RuleId()));
  if (!removed) co_return removed.error();
  co_return Reply{.removed = params.rule};
}

}  // namespace forgelink
