// SPDX-License-Identifier: MIT
#include "providers/forges/json_text.hpp"

namespace forgelink::forges {
namespace {

// A list of 20,000 repositories has about 400,000.
constexpr std::size_t most_values = 500'000;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// Counts what a value or a member begins with or is parted by, so at least as many as there are values.
bool has_too_many_values(std::string_view text) {
  if (text.size() < most_values) return false;
  std::size_t count = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else {
      in_string = c == '"';
      if (c == ',' || c == '[' || c == '{') ++count;
    }
  }
  return count > most_values;
}

}  // namespace

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

boost::json::value parse_json(std::string_view text, boost::system::error_code& wrong,
                              boost::json::storage_ptr memory) {
  text = without_mark(text);
  if (has_too_many_values(text)) {
    wrong = boost::json::error::array_too_large;
    return nullptr;
  }
  return boost::json::parse(text, wrong, std::move(memory));
}

}  // namespace forgelink::forges
