// SPDX-License-Identifier: MIT
#include "daemon/lists/cursor.hpp"

#include "base/base64.hpp"

namespace forgelink {

std::string cursor_of(std::string_view text) { return base64_of(text, Base64::url); }

std::optional<std::string> cursor_text(std::string_view cursor) {
  if (cursor.empty()) return std::nullopt;
  return bytes_of_base64(cursor, Base64::url);
}

}  // namespace forgelink
