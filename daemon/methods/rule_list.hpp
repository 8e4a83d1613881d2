// SPDX-License-Identifier: MIT
// Handles `rule.list`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/methods/rule_view.hpp"
#include "ipc/protocol/rule_list.hpp"

namespace forgelink {

struct RuleList : protocol::RuleList {
  const Connections& connections;
  const Registry& registry;
  GitRules& rules;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
