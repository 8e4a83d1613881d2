// SPDX-License-Identifier: MIT
#include "providers/server_url.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/url.hpp"

namespace forgelink {
namespace {

// Marks of Bitbucket Server and Data Center (providers 8).
bool is_bitbucket_on_premise(const Origin& origin, std::string_view path) {
  if (origin.host == "bitbucket.org") return false;
  if (origin.port == 7990 || origin.port == 7999) return true;
  const bool scm = path.find("/scm/") != std::string_view::npos || path.ends_with("/scm");
  const bool browse =
      (path.find("/projects/") != std::string_view::npos || path.find("/users/") != std::string_view::npos) &&
      path.find("/repos/") != std::string_view::npos;
  return scm || browse || path.find("/rest/api/1.0") != std::string_view::npos;
}

Error bitbucket_on_premise() {
  return {.code = Errc::bitbucket_on_premise_unsupported,
          .message =
              "This is a Bitbucket on premises (Server, Data Center), which is not supported, only "
              "bitbucket.org.",
          .field = "server_url"};
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

Result<std::string> normal_server_url(std::string_view typed, bool allow_http) {
  const std::string_view words = trimmed(typed);
  const std::string text =
      words.find("://") == std::string_view::npos ? "https://" + std::string(words) : std::string(words);
  if (lower_case(text).starts_with("ssh://") && text.find(":7999") != std::string::npos)
    return bitbucket_on_premise();

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
  if (is_bitbucket_on_premise(origin, address->path)) return bitbucket_on_premise();
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
  if (is_bitbucket_on_premise(origin, *kept)) return bitbucket_on_premise();
  if (origin.scheme == "http" && !allow_http && !origin.is_loopback()) {
    return invalid("server_url", "Over http:// the token would go to the server unprotected.",
                   "Use https://, or say yes to it (allow_http, --allow-http).");
  }
  return origin.text() + *kept;
}

}  // namespace forgelink
