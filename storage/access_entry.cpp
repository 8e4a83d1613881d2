// SPDX-License-Identifier: MIT
#include "storage/access_entry.hpp"

#include <algorithm>
#include <array>

namespace forgelink {
namespace {

// By the order of the enums.
constexpr std::array<std::string_view, 7> action_names = {"git", "repositories", "commits", "verify",
                                                          "api", "run",          "lend"};
constexpr std::array<std::string_view, 3> outcome_names = {"given", "refused", "denied"};

template <class Value, std::size_t size>
std::optional<Value> value_of(const std::array<std::string_view, size>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Value>(found - names.begin());
}

}  // namespace

std::string_view name_of(AccessAction action) { return action_names[static_cast<std::size_t>(action)]; }
std::string_view name_of(AccessOutcome outcome) { return outcome_names[static_cast<std::size_t>(outcome)]; }

std::optional<AccessAction> access_action_of(std::string_view name) {
  return value_of<AccessAction>(action_names, name);
}

std::optional<AccessOutcome> access_outcome_of(std::string_view name) {
  return value_of<AccessOutcome>(outcome_names, name);
}

}  // namespace forgelink
