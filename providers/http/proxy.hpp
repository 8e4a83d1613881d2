// SPDX-License-Identifier: MIT
// Which proxy, if any, a request goes through: the settings' or the environment's, with the exceptions of
// NO_PROXY. Plain functions; they read the environment, so on the event loop only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/url.hpp"

namespace forgelink::http {

struct Proxy {
  std::string host;
  unsigned port = 0;
  SharedSecret credentials;  // base64(user:password); null without
};

// Reads an address as curl does: [http://][user[:password]@]host[:port][/…], where the user and the password
// may hold any character, percent-encoded or not, and the port is 1080 by default. Fails with proxy_failed
// for what is no address and for SOCKS and https:// proxies.
Result<Proxy> parse_proxy(std::string_view text);

// `setting` is [network] proxy; "" lets HTTPS_PROXY, HTTP_PROXY and ALL_PROXY decide (either case). Nothing
// for the own host, which is never proxied. Fails as parse_proxy.
Result<std::optional<Proxy>> proxy_for(const Origin& origin, const std::string& setting);

// NO_PROXY's list: hosts, .suffixes, addresses, CIDR blocks, *.
bool is_exempt(const Origin& origin, std::string_view no_proxy);

}  // namespace forgelink::http
