// SPDX-License-Identifier: MIT
// One request and its answer over one transport (HTTP/1.1, RFC 9110 and 9112).
//
// Used on the event loop only. For providers/http alone: whoever includes this compiles Beast.
#pragma once

#include <optional>
#include <string>

#include "providers/http/http.hpp"
#include "providers/http/transport.hpp"

namespace forgelink::http {

// Answers of class 1xx that may come before the final one.
inline constexpr int most_interim = 16;

// How it ended, beside its result.
struct ExchangeState {
  bool nothing_came = false;  // the transport ended before the first byte of an answer
  bool reusable = false;      // exactly one final answer came, and both sides keep the transport open
};

// Sends `request` and reads on over interim answers (1xx) to the final one. The token is written into the
// message here, at the last moment, and wiped after sending. Fails with forge_unreachable, forge_error (no
// HTTP, too large), tls_untrusted or proxy_failed. REQUIRES: what is referred to lives until the end of it.
awaitable<Result<Reply>> exchange(Transport& transport, const Request& request, const Origin& origin,
                                  const std::optional<Proxy>& proxy, const std::string& user_agent,
                                  std::chrono::steady_clock::time_point until, ExchangeState& state);

}  // namespace forgelink::http
