// SPDX-License-Identifier: MIT
// A rule as clients see it. Plain functions; on the event loop.
#pragma once

#include "daemon/git/git_rules.hpp"
#include "ipc/protocol/rule_view.hpp"

namespace forgelink {

protocol::RuleView view_of(const Rule& rule, const GitRules& rules, const Registry& registry);

}  // namespace forgelink
