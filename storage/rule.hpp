// SPDX-License-Identifier: MIT
// A rule: which connection git gets, for the repositories below an address, for those in a folder, or for
// those that are both. A plain value.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace forgelink {

using RuleId = Id<struct RuleTag>;

struct Rule {
  RuleId id;
  ConnectionId connection;
  // At least one of the two. The address in its normal form, decoded: "https://git.example/octo org/hello".
  std::optional<std::string> url;
  std::optional<std::string> directory;  // absolute, without symbolic links
  Time created_at{};
  bool operator==(const Rule&) const = default;
};

}  // namespace forgelink
