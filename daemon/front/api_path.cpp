// SPDX-License-Identifier: MIT
#include "daemon/front/api_path.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/url.hpp"

namespace forgelink {
namespace {

Error bad_path(std::string sentence) {
  return invalid("path", std::move(sentence), "Name a path below the API's root, as /user.");
}

bool is_printable(unsigned char c) { return c > 0x20 && c < 0x7f; }

// A server that drops what follows `;` (Tomcat) sees the same.
bool is_dots(std::string_view part) {
  part = part.substr(0, part.find(';'));
  return part == "." || part == "..";
}

// What another decoding would turn into a separator or a dot.
bool hides_more(std::string_view decoded) {
  const std::string lower = lower_case(decoded);
  for (const char* code : {"%2e", "%2f", "%5c", "%25", "%00"}) {
    if (lower.find(code) != std::string::npos) return true;
  }
  return false;
}

Result<std::string> decoded_segment(std::string_view segment) {
  if (segment.empty()) return bad_path("The path has an empty segment.");
  const auto decoded = percent_decoded(segment);
  if (!decoded || has_control_character(*decoded))
    return bad_path("The path's percent-encoding is malformed.");
  if (decoded->find('\\') != std::string::npos) return bad_path("The path holds a backslash.");
  if (hides_more(*decoded)) return bad_path("The path is encoded twice.");
  // An encoded slash is part of one segment for the forge, but not for a proxy that decodes it first
  // (docs/forges.md 4.1).
  for (std::size_t begin = 0; begin <= decoded->size();) {
    const std::size_t end = std::min(decoded->find('/', begin), decoded->size());
    const std::string_view part = std::string_view(*decoded).substr(begin, end - begin);
    if (is_dots(part)) return bad_path("The path leaves the API's root.");
    begin = end + 1;
  }
  return *decoded;
}

}  // namespace

Result<ApiPath> parse_api_path(std::string_view path) {
  if (!std::all_of(path.begin(), path.end(), is_printable))
    return bad_path("The path holds a blank, a control character or a letter that is not encoded.");
  ApiPath parsed;
  if (const auto mark = path.find('?'); mark != std::string_view::npos) {
    parsed.query = path.substr(mark + 1);
    path = path.substr(0, mark);
  }
  if (path.find('#') != std::string_view::npos || parsed.query.find('#') != std::string::npos)
    return bad_path("A path of an API has no fragment.");
  if (path.starts_with("//") || path.find("://") != std::string_view::npos)
    return bad_path("The path is an absolute address.");
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty()) return parsed;
  parsed.text = "/" + std::string(path);
  if (path.ends_with('/')) path.remove_suffix(1);
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    Result<std::string> segment = decoded_segment(path.substr(begin, end - begin));
    if (!segment) return segment.error();
    parsed.segments.push_back(std::move(*segment));
    begin = end + 1;
  }
  return parsed;
}

std::optional<std::string_view> below(std::string_view path, std::string_view root) {
  if (!path.starts_with(root)) return std::nullopt;
  path.remove_prefix(root.size());
  if (!path.empty() && path.front() != '/') return std::nullopt;
  return path;
}

}  // namespace forgelink
