// SPDX-License-Identifier: MIT
// The types of `rule.remove`. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

namespace forgelink::protocol {

struct RuleRemove {
  static constexpr std::string_view name = "rule.remove";
  static constexpr std::string_view summary = "Remove a rule.";

  struct Params {
    std::string rule;

    void fields(auto& f) { f.required("rule", rule, "Its id."); }
  };
  struct Reply {
    std::string removed;

    void fields(auto& f) { f.required("removed", removed, "The id of the removed rule."); }
  };
};

}  // namespace forgelink::protocol
