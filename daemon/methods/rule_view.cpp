// SPDX-License-Identifier: MIT
#include "daemon/methods/rule_view.hpp"

namespace forgelink {

protocol::RuleView view_of(const Rule& rule, const GitRules& rules, const Registry& registry) {
  const Connection* connection = registry.find(rule.connection);
  return {.id = rule.id.text(),
          .connection = rule.connection.text(),
          .name = connection != nullptr ? connection->name : "",
          .url = rule.url,
          .directory = rule.directory,
          .created_at = rule.created_at,
          .in_force = rules.is_in_force(rule)};
}

}  // namespace forgelink
