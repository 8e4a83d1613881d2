// SPDX-License-Identifier: MIT
// Rules: which connection git gets where.
#include <algorithm>

#include "storage/registry_impl.hpp"
#include "storage/rule_rows.hpp"

namespace forgelink {

const std::vector<Rule>& Registry::rules() const { return impl_->rules; }

Result<> Registry::put_rule(const Rule& rule, const std::vector<RuleId>& instead_of) {
  if (find(rule.connection) == nullptr) return connection_gone();
  return guarded([&]() -> Result<> {
    SQLite::Transaction transaction(*impl_->database);
    for (const RuleId& former : instead_of) delete_rule(*impl_->database, former);
    insert_rule(*impl_->database, rule);
    transaction.commit();
    std::erase_if(impl_->rules, [&](const Rule& known) {
      return std::find(instead_of.begin(), instead_of.end(), known.id) != instead_of.end();
    });
    impl_->rules.push_back(rule);
    return {};
  });
}

Result<> Registry::remove_rule(RuleId id) {
  return guarded([&]() -> Result<> {
    const auto is_it = [&](const Rule& rule) { return rule.id == id; };
    if (std::none_of(impl_->rules.begin(), impl_->rules.end(), is_it))
      return Error{.code = Errc::not_found,
                   .message = "There is no such rule.",
                   .field = "rule",
                   .hint = "See what there is: forgelink rules"};
    delete_rule(*impl_->database, id);
    std::erase_if(impl_->rules, is_it);
    return {};
  });
}

}  // namespace forgelink
