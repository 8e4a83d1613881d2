// SPDX-License-Identifier: MIT
// A network connection to one server, plain or by TLS, direct or through a proxy.
//
// Used on the event loop only. For providers/http alone: whoever includes this compiles Beast.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <memory>
#include <optional>

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/url.hpp"
#include "providers/http/proxy.hpp"
#include "providers/http/tls_contexts.hpp"

namespace forgelink::http {

inline constexpr std::uint32_t largest_header = 64 << 10;

struct Transport {
  std::shared_ptr<asio::ssl::context> context;  // outlives its stream
  std::unique_ptr<boost::beast::tcp_stream> plain;
  std::unique_ptr<boost::beast::ssl_stream<boost::beast::tcp_stream>> secure;
  boost::beast::flat_buffer buffer;
  bool used_before = false;

  boost::beast::tcp_stream& tcp() { return plain ? *plain : boost::beast::get_lowest_layer(*secure); }

  // True if the peer has sent nothing since the last answer and has not closed. What it sends unasked (a 408
  // on an idle connection, RFC 9110 section 15.5.9) would be read as the answer to the next request.
  // REQUIRES: nothing is being read or written.
  bool is_silent();
};

// Takes ten seconds at most, and never longer than `until`. Fails with forge_unreachable, proxy_failed or
// tls_untrusted. REQUIRES: what is referred to lives until the end of it.
awaitable<Result<std::unique_ptr<Transport>>> open_transport(const Origin& origin,
                                                             const std::optional<Proxy>& proxy,
                                                             std::chrono::steady_clock::time_point until,
                                                             TlsContexts& contexts,
                                                             const ClientOptions& options);

}  // namespace forgelink::http
