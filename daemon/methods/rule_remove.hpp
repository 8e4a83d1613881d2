// SPDX-License-Identifier: MIT
// Handles `rule.remove`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/methods/rule_view.hpp"
#include "ipc/protocol/rule_remove.hpp"

namespace forgelink {

struct RuleRemove : protocol::RuleRemove {
  const Connections& connections;
  const Registry& registry;
  GitRules& rules;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
