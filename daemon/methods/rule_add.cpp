// SPDX-License-Identifier: MIT
#include "daemon/methods/rule_add.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace forgelink {
namespace {

std::optional<std::string> taken(std::optional<ipc::LongText>& text) {
  return text ? std::optional(std::move(text->value)) : std::nullopt;
}

// What is allowed, but may not be what was meant.
std::optional<std::string> notice_about(const Rule& rule) {
  std::error_code error;
  if (rule.directory && !std::filesystem::is_directory(*rule.directory, error))
    return fmt::format("There is no folder {} yet.", *rule.directory);
  const std::string words = in_words(rule);
  if (words.find_first_of("*?[") != std::string::npos)
    return "A rule takes no patterns: what it holds is taken as it is. It counts for everything below it "
           "anyway.";
  return std::nullopt;
}

}  // namespace

awaitable<Result<RuleAdd::Reply>> RuleAdd::call(Params params) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  Result<Rule> rule = rules.add(*id, taken(params.url), taken(params.directory));
  if (!rule) co_return rule.error();
  co_return Reply{.rule = view_of(*rule, rules, registry), .notice = notice_about(*rule)};
}

}  // namespace forgelink
