// SPDX-License-Identifier: MIT
// Web addresses, compared the way a forge and git mean them. Boost.URL checks their grammar. Plain functions;
// any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace forgelink {

// scheme://host[:port] in its normal form: lower case, default port left out.
struct Origin {
  std::string scheme, host;  // host without brackets changed: an IPv6 literal keeps its []
  unsigned port = 0;         // never 0 once parsed

  std::string text() const;       // "https://git.example:8443"
  std::string authority() const;  // "git.example:8443": what git calls the host
  bool is_loopback() const;       // 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104, a name of the own host
  bool operator==(const Origin&) const = default;
};

// "localhost" and all names below it (RFC 6761 section 6.3): always the own host, whatever a resolver says.
// `host` in lower case.
bool is_localhost_name(std::string_view host);

// An absolute http(s) URL in its parts. Boost.URL 1.81 reads what follows a dotted quad or a bad port as the
// path, so that 127.0.0.1.evil.example would have the host 127.0.0.1: the host is taken apart here.
struct WebAddress {
  std::string scheme, host;  // in lower case
  unsigned port = 0;         // never 0
  std::string path;
  bool has_user = false;  // something stands before the host
  bool has_more = false;  // a query or a fragment

  Origin origin() const { return {.scheme = scheme, .host = host, .port = port}; }
};

// Both return nothing for anything but an absolute http(s) URL with a host.
std::optional<WebAddress> parse_web_address(std::string_view url);
std::optional<Origin> origin_of(std::string_view url);

std::string percent_encoded(std::string_view text);                 // everything but unreserved characters
std::optional<std::string> percent_decoded(std::string_view text);  // nothing if malformed
// The same address with that one parameter, in place of whatever it had of that name.
std::string with_parameter(const std::string& url, std::string_view name, std::string_view value);
std::string with_query(std::string url, const std::vector<std::pair<std::string, std::string>>& query);

}  // namespace forgelink
