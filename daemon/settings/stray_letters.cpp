// SPDX-License-Identifier: MIT
#include "daemon/settings/stray_letters.hpp"

#include <algorithm>

namespace forgelink {
namespace {

// Just behind the string that begins at `at`: one of three quotes runs over lines, others end with theirs.
std::size_t end_of_string(std::string_view toml, std::size_t at) {
  const char quote = toml[at];
  const bool escapes = quote == '"';
  const std::string_view three = toml.substr(at, 3);
  const bool long_one = three.size() == 3 && three[1] == quote && three[2] == quote;
  for (at += long_one ? 3 : 1; at < toml.size(); ++at) {
    if (escapes && toml[at] == '\\') {
      ++at;
    } else if (long_one ? toml.substr(at, 3) == three : toml[at] == quote) {
      return at + (long_one ? 3 : 1);
    } else if (!long_one && toml[at] == '\n') {
      return at;
    }
  }
  return toml.size();
}

}  // namespace

std::optional<std::size_t> line_of_stray_letter(std::string_view toml) {
  const auto line_at = [&](std::size_t at) {
    const auto end = toml.begin() + static_cast<std::ptrdiff_t>(at);
    return static_cast<std::size_t>(std::count(toml.begin(), end, '\n')) + 1;
  };
  std::size_t at = toml.starts_with("\xEF\xBB\xBF") ? 3 : 0;  // a byte order mark
  while (at < toml.size()) {
    if (toml[at] == '#') {
      at = std::min(toml.find('\n', at), toml.size());
    } else if (toml[at] == '"' || toml[at] == '\'') {
      at = end_of_string(toml, at);
    } else if (static_cast<unsigned char>(toml[at]) >= 0x80) {
      return line_at(at);
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

}  // namespace forgelink
