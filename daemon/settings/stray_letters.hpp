// SPDX-License-Identifier: MIT
// Letters where TOML has none. Plain functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace forgelink {

// The line, from 1, of the first character that is not ASCII and stands in no string or comment. TOML 1.0
// allows none there, and toml++ 3.3, asked to parse one, runs into code that it takes for unreachable.
std::optional<std::size_t> line_of_stray_letter(std::string_view toml);

}  // namespace forgelink
