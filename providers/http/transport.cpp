// SPDX-License-Identifier: MIT
#include "providers/http/transport.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>

#include "providers/http/connect.hpp"
#include "providers/http/http_errors.hpp"

namespace forgelink::http {
namespace {

namespace beast = boost::beast;
namespace ssl = asio::ssl;
using SteadyClock = std::chrono::steady_clock;

constexpr Milliseconds connect_limit{10'000};

std::string bare_host(const Origin& origin) {
  return origin.host.starts_with('[') ? origin.host.substr(1, origin.host.size() - 2) : origin.host;
}

awaitable<Result<>> open_tunnel(beast::tcp_stream& stream, const Origin& origin, const Proxy& proxy) {
  const std::string to = fmt::format("{}:{}", origin.host, origin.port);
  beast::http::request<beast::http::empty_body> message{beast::http::verb::connect, to, 11};
  message.set(beast::http::field::host, to);
  if (proxy.credentials)
    message.set(beast::http::field::proxy_authorization, "Basic " + std::string(proxy.credentials->reveal()));
  beast::http::response_parser<beast::http::empty_body> parser;
  // A successful answer to CONNECT has no body: what follows is the tunnel (RFC 9110 section 9.3.6). In TLS
  // the client speaks first, so `buffer` holds nothing of it.
  parser.skip(true);
  parser.header_limit(largest_header);
  beast::flat_buffer buffer;
  beast::error_code error;
  co_await beast::http::async_write(stream, message, asio::redirect_error(asio::use_awaitable, error));
  if (!error)
    co_await beast::http::async_read_header(stream, buffer, parser,
                                            asio::redirect_error(asio::use_awaitable, error));
  const std::string at = fmt::format("{}:{}", proxy.host, proxy.port);
  if (error)
    co_return error_of(Errc::proxy_failed, fmt::format("The proxy {} did not open a way to {}: {}.", at,
                                                       origin.host, error.message()));
  const unsigned status = parser.get().result_int();
  if (status == 407) co_return wants_password(proxy);
  if (status != 200)
    co_return error_of(Errc::proxy_failed, fmt::format("The proxy {} refused the way to {} (status {}).", at,
                                                       origin.host, status));
  co_return Result<>();
}

awaitable<Result<>> handshake(beast::ssl_stream<beast::tcp_stream>& stream, const Origin& origin) {
  const std::string host = bare_host(origin);
  stream.set_verify_mode(ssl::verify_peer);
  stream.set_verify_callback(ssl::host_name_verification(host));
  boost::system::error_code no_address;
  asio::ip::make_address(host, no_address);
  // The server name is a DNS name and never an address (RFC 6066 section 3).
  if (no_address) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
  beast::error_code error;
  co_await stream.async_handshake(ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, error));
  if (!error) co_return Result<>();
  const long verdict = SSL_get_verify_result(stream.native_handle());
  const std::string place = origin.authority();
  if (verdict != X509_V_OK) {
    co_return error_of(
        Errc::tls_untrusted,
        fmt::format("The certificate of {} is not trusted: {}.", place,
                    X509_verify_cert_error_string(verdict)),
        "If the server's own authority signed it, name that authority's file under [network] ca_file.");
  }
  const bool wrong_name =
      error.category() == asio::error::get_ssl_category() &&
      ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_CERTIFICATE_VERIFY_FAILED;
  if (wrong_name)
    co_return error_of(Errc::tls_untrusted,
                       fmt::format("The certificate of {} was made out to another host.", place),
                       "Check the address of the server.");
  if (was_asked_for_certificate(stream.native_handle())) co_return no_certificate(origin);
  co_return translated(error, origin);
}

}  // namespace

bool Transport::is_silent() {
  boost::system::error_code error;
  tcp().socket().non_blocking(true, error);
  if (error || buffer.size() > 0) return false;
  // Read through TLS, so that what its buffers hold is seen as well, and what only concerns TLS (a late
  // session ticket) is taken in.
  char byte = 0;
  const std::size_t size = secure ? secure->read_some(asio::buffer(&byte, 1), error)
                                  : plain->read_some(asio::buffer(&byte, 1), error);
  return size == 0 && (error == asio::error::would_block || error == asio::error::try_again);
}

awaitable<Result<std::unique_ptr<Transport>>> open_transport(const Origin& origin,
                                                             const std::optional<Proxy>& proxy,
                                                             SteadyClock::time_point until,
                                                             TlsContexts& contexts,
                                                             const ClientOptions& options) {
  const auto left = std::chrono::duration_cast<Milliseconds>(until - SteadyClock::now());
  const Milliseconds limit = std::min(connect_limit, std::max(left, Milliseconds(1)));
  std::string host = proxy ? proxy->host : bare_host(origin);
  Result<asio::ip::tcp::socket> socket =
      co_await connect_to(std::move(host), proxy ? proxy->port : origin.port, limit);
  if (!socket) {
    if (!proxy) co_return socket.error();
    co_return error_of(Errc::proxy_failed,
                       fmt::format("The proxy cannot be used: {}", socket.error().message),
                       "See [network] proxy in the settings, or HTTPS_PROXY.");
  }
  boost::system::error_code ignored;
  socket->set_option(asio::ip::tcp::no_delay(true), ignored);
  auto transport = std::make_unique<Transport>();
  auto plain = std::make_unique<beast::tcp_stream>(std::move(*socket));
  plain->expires_after(limit);
  if (origin.scheme == "http") {
    transport->plain = std::move(plain);
    co_return transport;
  }
  if (proxy) {
    Result<> tunnel = co_await open_tunnel(*plain, origin, *proxy);
    if (!tunnel) co_return tunnel.error();
  }
  Result<std::shared_ptr<ssl::context>> context = contexts.for_origin(origin, options);
  if (!context) co_return context.error();
  transport->secure = std::make_unique<beast::ssl_stream<beast::tcp_stream>>(std::move(*plain), **context);
  transport->context = *context;
  Result<> shaken = co_await handshake(*transport->secure, origin);
  if (!shaken) co_return shaken.error();
  co_return transport;
}

}  // namespace forgelink::http
