// SPDX-License-Identifier: MIT
#include "base/shell_word.hpp"

#include <algorithm>
#include <string_view>

namespace forgelink {
namespace {

bool is_plain(unsigned char c) {
  constexpr std::string_view plain = "-_./:@%+,";
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || c >= 0x80 || plain.find(static_cast<char>(c)) != std::string_view::npos;
}

}  // namespace

std::string quoted(const std::string& text) {
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace forgelink
