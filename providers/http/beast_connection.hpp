// SPDX-License-Identifier: MIT
// A connection to one server, plain or by TLS, straight or through a proxy: how it comes about.
//
// On the loop. For providers/http/beast_client.cpp alone: whoever includes it compiles Beast.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <memory>
#include <optional>

#include "base/async.hpp"
#include "base/result.hpp"
#include "providers/http/proxy.hpp"
#include "providers/http/tls_contexts.hpp"
#include "base/url.hpp"

namespace forgelink::http {

inline constexpr std::uint32_t largest_header = 64 << 10;

struct Connection {
  std::shared_ptr<asio::ssl::context> context;  // outlives its stream
  std::unique_ptr<boost::beast::tcp_stream> plain;
  std::unique_ptr<boost::beast::ssl_stream<boost::beast::tcp_stream>> secure;
  boost::beast::flat_buffer buffer;
  bool used_before = false;

  boost::beast::tcp_stream& tcp() { return plain ? *plain : boost::beast::get_lowest_layer(*secure); }
};

// Ten seconds at most, and never longer than `until`. forge_unreachable, proxy_failed or tls_untrusted.
// What is referred to has to live until the end of it.
awaitable<Result<std::unique_ptr<Connection>>> open_connection(const Origin& origin,
                                                               const std::optional<Proxy>& proxy,
                                                               std::chrono::steady_clock::time_point until,
                                                               TlsContexts& contexts,
                                                               const ClientOptions& options);

}  // namespace forgelink::http
