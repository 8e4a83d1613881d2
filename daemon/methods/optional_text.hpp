// SPDX-License-Identifier: MIT
// A text as a field of a reply that is absent, or null, where there is none. Any thread.
#pragma once

#include <optional>
#include <string>

namespace forgelink {

inline std::optional<std::string> unless_empty(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

}  // namespace forgelink
