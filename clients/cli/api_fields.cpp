// SPDX-License-Identifier: MIT
#include "clients/cli/api_fields.hpp"

#include <charconv>
#include <cstdio>
#include <memory>
#include <vector>

namespace forgelink::cli {
namespace {

namespace json = boost::json;

json::value magic(const std::string& text) {
  if (text == "true") return true;
  if (text == "false") return false;
  if (text == "null") return nullptr;
  std::int64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, failed] = std::from_chars(text.data(), last, number);
  if (failed == std::errc() && end == last && !text.empty()) return number;
  return json::value(text);
}

// "a[b][]" is a, b and "" for the list.
std::optional<std::vector<std::string>> names_of(const std::string& key) {
  const auto bracket = key.find('[');
  std::vector<std::string> names = {key.substr(0, bracket)};
  if (names.front().empty()) return std::nullopt;
  for (std::size_t at = bracket; at != std::string::npos && at < key.size();) {
    const auto end = key.find(']', at);
    if (key[at] != '[' || end == std::string::npos) return std::nullopt;
    names.push_back(key.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return names;
}

}  // namespace

std::optional<std::string> content_of(const std::string& name) {
  const bool standard = name == "-";
  std::FILE* file = standard ? stdin : std::fopen(name.c_str(), "rbe");
  if (file == nullptr) return std::nullopt;
  std::string content;
  char piece[16384];
  while (const std::size_t got = std::fread(piece, 1, sizeof piece, file)) content.append(piece, got);
  const bool failed = std::ferror(file) != 0;
  if (!standard) std::fclose(file);
  return failed ? std::nullopt : std::optional(std::move(content));
}

std::optional<std::string> add_field(json::object& into, const std::string& field, bool typed) {
  const auto equals = field.find('=');
  const auto names = names_of(field.substr(0, equals));
  if (equals == std::string::npos || !names)
    return "A field is written as KEY=VALUE, not as “" + field + "”.";
  const std::string text = field.substr(equals + 1);
  json::value value(text);
  if (typed && text.starts_with('@')) {
    const auto content = content_of(text.substr(1));
    if (!content) return "The file “" + text.substr(1) + "” cannot be read.";
    value = json::value(*content);
  } else if (typed) {
    value = magic(text);
  }
  json::value* place = &into[names->front()];
  for (std::size_t i = 1; i < names->size(); ++i) {
    const std::string& name = (*names)[i];
    if (name.empty()) {
      if (!place->is_array()) *place = json::array();
      place = &place->get_array().emplace_back(nullptr);
    } else {
      if (!place->is_object()) *place = json::object();
      place = &place->get_object()[name];
    }
  }
  *place = std::move(value);
  return std::nullopt;
}

}  // namespace forgelink::cli
