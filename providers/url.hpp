// Web addresses, compared the way a forge and git mean them. Boost.URL does the parsing.
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
  bool is_loopback() const;       // 127.0.0.0/8, ::1, localhost
  bool operator==(const Origin&) const = default;
};

// Nothing for anything but an absolute http(s) URL with a host.
std::optional<Origin> origin_of(std::string_view url);

// A server's address as a person types it, in normal form: https unless it says http, lower-case host, no
// default port, no trailing slash, no query or fragment or user. Errors are `invalid_params` on `server_url`
// and `bitbucket_on_premise_unsupported` (marks of Bitbucket Data Center: providers 8).
Result<std::string> normal_server_url(std::string_view typed, bool allow_http);

std::string percent_encoded(std::string_view text);                 // everything but unreserved characters
std::optional<std::string> percent_decoded(std::string_view text);  // nothing if malformed
// The same address with that one parameter, in place of whatever it had of that name.
std::string with_parameter(const std::string& url, std::string_view name, std::string_view value);
std::string with_query(std::string url, const std::vector<std::pair<std::string, std::string>>& query);

}  // namespace forgelink
