// SPDX-License-Identifier: MIT
// The types of `rule.list`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipc/protocol/rule_view.hpp"

namespace forgelink::protocol {

struct RuleList {
  static constexpr std::string_view name = "rule.list";
  static constexpr std::string_view summary = "List the rules, in the order of their creation.";

  struct Params {
    std::optional<std::string> connection;

    void fields(auto& f) { f.optional("connection", connection, "Only those that name it, by id or name."); }
  };
  struct Reply {
    std::vector<RuleView> rules;

    void fields(auto& f) { f.required("rules", rules, "The rules."); }
  };
};

}  // namespace forgelink::protocol
