// SPDX-License-Identifier: MIT
// The types of `rule.add`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ipc/field_types.hpp"
#include "ipc/protocol/rule_view.hpp"

namespace forgelink::protocol {

struct RuleAdd {
  static constexpr std::string_view name = "rule.add";
  static constexpr std::string_view summary =
      "Set for which repositories git uses this connection: by address, by folder, or both. A rule with the "
      "same "
      "conditions is replaced.";

  struct Params {
    std::string connection;
    std::optional<ipc::LongText> url, directory;

    void fields(auto& f) {
      f.required("connection", connection, "Its id or name.");
      f.optional("url", url, "https://HOST[:PORT][/PATH]: what lies at or below it.");
      f.optional("directory", directory, "An absolute folder: work trees in it or below.");
    }
  };
  struct Reply {
    RuleView rule;
    std::optional<std::string> notice;

    void fields(auto& f) {
      f.required("rule", rule, "The rule as it is kept.");
      f.absent("notice", notice, "A sentence for the person, as that the folder is not there yet.");
    }
  };
};

}  // namespace forgelink::protocol
