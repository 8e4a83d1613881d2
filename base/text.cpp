// SPDX-License-Identifier: MIT
#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace forgelink {
namespace {

constexpr std::string_view replacement_character = "\xef\xbf\xbd";  // U+FFFD

// How many bytes the code point at the text's start takes; 0 if there is none. Lengths and ranges of RFC
// 3629, so that neither overlong forms nor surrogates pass.
std::size_t code_point_length(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
  };
  const auto follows = [&](std::size_t at) { return (byte(at) & 0xc0) == 0x80; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return text.empty() ? 0 : 1;
  if (first >= 0xc2 && first <= 0xdf && follows(1)) return 2;
  if ((first & 0xf0) == 0xe0 && follows(1) && follows(2) && !(first == 0xe0 && second < 0xa0) &&
      !(first == 0xed && second > 0x9f))
    return 3;
  if (first >= 0xf0 && first <= 0xf4 && follows(1) && follows(2) && follows(3) &&
      !(first == 0xf0 && second < 0x90) && !(first == 0xf4 && second > 0x8f))
    return 4;
  return 0;
}

// The position of the first byte from `at` on that is not ASCII; the size if there is none. Eight bytes at a
// time, since every reply of the daemon is checked.
std::size_t end_of_ascii(std::string_view text, std::size_t at) {
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & 0x8080808080808080) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

// How many bytes from the text's start are well-formed UTF-8.
std::size_t utf8_length(std::string_view text) {
  std::size_t at = end_of_ascii(text, 0);
  while (at < text.size()) {
    const std::size_t length = code_point_length(text.substr(at));
    if (length == 0) break;
    at = end_of_ascii(text, at + length);
  }
  return at;
}

// std::tolower asks the locale.
char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = lower_case(c);
  return lower;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower_case(x) == lower_case(y); });
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool has_control_code_point(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]), next = static_cast<unsigned char>(text[i + 1]);
    if (byte == 0xc2 && next >= 0x80 && next < 0xa0) return true;
  }
  return has_control_character(text);
}

std::string one_clean_line(std::string_view text) {
  std::string line(text);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    const auto next = i + 1 < line.size() ? static_cast<unsigned char>(line[i + 1]) : 0u;
    if (byte < 0x20 || byte == 0x7f) {
      line[i] = ' ';
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
      line[i] = line[i + 1] = ' ';
    }
  }
  return line;
}

bool is_unsafe_code_point(char32_t code) {
  const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
  const bool separates = code == 0x2028 || code == 0x2029;
  const bool reorders = code == 0x061c || code == 0x200e || code == 0x200f || code == 0xfeff ||
                        (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return control || separates || reorders;
}

bool is_utf8(std::string_view text) { return utf8_length(text) == text.size(); }

std::string with_utf8_mended(std::string text) {
  std::size_t good = utf8_length(text);
  if (good == text.size()) return text;
  std::string mended;
  for (std::string_view rest = text; !rest.empty(); good = utf8_length(rest)) {
    mended += rest.substr(0, good);
    if (good < rest.size()) mended += replacement_character;
    rest.remove_prefix(std::min(rest.size(), good + 1));
  }
  return mended;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace forgelink
