// SPDX-License-Identifier: MIT
#include "providers/server_url.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/url.hpp"

namespace forgelink {
namespace {

// Blanks and letters in the path, as people type them, in the form the wire has (RFC 3986, section 2.1). The
// host is left as it is.
std::string with_encoded_path(std::string_view text) {
  const auto path = text.find('/', std::min(text.find("://"), text.size() - 1) + 3);
  std::string encoded(text.substr(0, path));
  if (path == std::string_view::npos) return encoded;
  for (const char c : text.substr(path)) {
    const bool plain = c != ' ' && static_cast<unsigned char>(c) < 0x80;
    encoded += plain ? std::string(1, c) : percent_encoded(std::string_view(&c, 1));
  }
  return encoded;
}

// "/sub/path" without empty parts and slashes at its end; refused if a part leads elsewhere or hides
// something.
Result<std::string> normal_path(std::string_view path) {
  std::string kept;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (part.empty()) continue;
    const auto plain = percent_decoded(part);
    const bool bad =
        !plain || *plain == "." || *plain == ".." || plain->find('/') != std::string::npos ||
        std::any_of(plain->begin(), plain->end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (bad) return invalid("server_url", "The server's address holds a path that leads nowhere.");
    kept += "/" + std::string(part);
  }
  return kept;
}

}  // namespace

std::string address_text(std::string_view typed) {
  const std::string_view words = trimmed(typed);
  if (words.empty()) return "";
  const bool has_scheme = words.find("://") != std::string_view::npos;
  return with_encoded_path(has_scheme ? std::string(words) : "https://" + std::string(words));
}

Result<std::string> normal_server_url(std::string_view typed, bool allow_http) {
  const std::string text = address_text(typed);
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x80; })) {
    return invalid("server_url", "The server's address holds letters that no address on the wire has.",
                   "Write its host as it is registered, beginning with xn--.");
  }
  auto address = parse_web_address(text);
  if (!address) {
    return invalid("server_url", "The server's address is not one that can be reached by HTTPS.",
                   "As https://git.example or https://host:8443/sub-path.");
  }
  while (address->host.ends_with('.')) address->host.pop_back();
  if (address->host.empty()) return invalid("server_url", "The server's address has no host.");
  const Origin origin = address->origin();
  if (address->has_user) {
    return invalid("server_url",
                   "The server's address holds a user name or password, which does not belong there.");
  }
  if (address->has_more) {
    return invalid("server_url", "The server's address holds more than the address of the server.",
                   "Leave out what follows ? or #.");
  }
  Result<std::string> kept = normal_path(address->path);
  if (!kept) return kept;
  if (origin.scheme == "http" && !allow_http && !origin.is_loopback()) {
    return invalid("server_url", "Over http:// the token would go to the server unprotected.",
                   "Use https://, or say yes to it (allow_http, --allow-http).");
  }
  return origin.text() + *kept;
}

std::vector<std::string> path_parts(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    if (slash != 0) parts.emplace_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return parts;
}

std::string with_first_parts(const WebAddress& address, std::size_t count) {
  std::string url = address.origin().text();
  const std::vector<std::string> parts = path_parts(address.path);
  for (std::size_t i = 0; i < std::min(count, parts.size()); ++i) url += "/" + parts[i];
  return url;
}

std::string cut_at(const WebAddress& address, std::initializer_list<std::string_view> marks) {
  const std::vector<std::string> parts = path_parts(address.path);
  std::size_t count = 0;
  while (count < parts.size() &&
         std::find(marks.begin(), marks.end(), lower_case(parts[count])) == marks.end())
    ++count;
  return with_first_parts(address, count);
}

}  // namespace forgelink
