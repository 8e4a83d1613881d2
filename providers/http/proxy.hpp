// SPDX-License-Identifier: MIT
// Which proxy, if any, a request goes through: the settings' or the environment's, with the exceptions of
// NO_PROXY.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "base/url.hpp"

namespace forgelink::http {

struct Proxy {
  std::string host;
  unsigned port = 0;
  std::shared_ptr<const Secret> credentials;  // base64(user:password); null without
};

// `setting` is [network] proxy; "" lets HTTPS_PROXY, HTTP_PROXY and ALL_PROXY decide (either case).
// `proxy_failed` for an address that is none.
Result<std::optional<Proxy>> proxy_for(const Origin& origin, const std::string& setting);

// NO_PROXY's list: hosts, .suffixes, addresses, CIDR blocks, *.
bool is_exempt(const Origin& origin, std::string_view no_proxy);

}  // namespace forgelink::http
