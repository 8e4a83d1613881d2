// SPDX-License-Identifier: MIT
#include "daemon/git/rule_url.hpp"

#include "base/text.hpp"
#include "base/url.hpp"

namespace forgelink {
namespace {

constexpr std::size_t most_parts = 64, longest = 2048;

Error not_an_address() {
  return invalid("url", "The rule's address is none that git can ask for.",
                 "As https://github.com/owner or https://host:8443/group/project.");
}

// Blanks and letters beyond ASCII, as people type them, in the path.
std::string with_plain_letters_encoded(std::string_view typed) {
  std::string text;
  for (const char c : typed) {
    const auto byte = static_cast<unsigned char>(c);
    const bool strange = byte >= 0x80 || c == ' ' || c == '\\' || c == '"' || c == '<' || c == '>' ||
                         c == '^' || c == '`' || c == '{' || c == '|' || c == '}' || c == '[' || c == ']';
    text += strange ? percent_encoded(std::string_view(&c, 1)) : std::string(1, c);
  }
  return text;
}

}  // namespace

Result<RuleUrl> RuleUrl::parse(std::string_view typed) {
  typed = trimmed(typed);
  if (typed.size() > longest || has_control_character(typed)) return not_an_address();
  std::string text =
      typed.find("://") == std::string_view::npos ? "https://" + std::string(typed) : std::string(typed);
  const auto slash = text.find('/', text.find("://") + 3);
  if (slash != std::string::npos)
    text = text.substr(0, slash) + with_plain_letters_encoded(text.substr(slash));
  const auto address = parse_web_address(text);
  if (!address) return not_an_address();
  if (address->has_more)
    return invalid("url", "The rule's address holds more than host and path.",
                   "Leave out what follows ? or #.");
  const auto path = GitPath::encoded(address->path);
  if (!path || path->size() > most_parts) return not_an_address();
  if (path->is_crooked() || has_control_character(path->text()))
    return invalid(
        "url",
        "The rule's address holds `.`, `..`, an encoded slash or a backslash, which fits no repository.");
  return RuleUrl{.origin = address->origin().text(), .path = path->without_suffix()};
}

RuleUrl RuleUrl::of_kept(std::string_view kept) {
  const auto slash = kept.find('/', kept.find("://") + 3);
  if (slash == std::string_view::npos) return {.origin = std::string(kept), .path = {}};
  return {.origin = std::string(kept.substr(0, slash)), .path = GitPath::decoded(kept.substr(slash))};
}

std::string RuleUrl::text() const { return path.empty() ? origin : origin + "/" + path.text(); }

std::string RuleUrl::encoded() const { return path.empty() ? origin : origin + "/" + path.url_text(); }

}  // namespace forgelink
