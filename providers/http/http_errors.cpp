// SPDX-License-Identifier: MIT
#include "providers/http/http_errors.hpp"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>

#include "base/async.hpp"

namespace forgelink::http {
namespace beast = boost::beast;

Error error_of(Errc code, std::string message, std::string hint) {
  return {.code = code, .message = std::move(message), .hint = std::move(hint)};
}

Error translated(const boost::system::error_code& error, const Origin& origin) {
  const std::string place = origin.authority();
  if (error == beast::error::timeout)
    return error_of(Errc::forge_unreachable, fmt::format("{} did not answer in time.", place));
  if (error == beast::http::error::body_limit) {
    Error large = error_of(Errc::forge_error, fmt::format("{} sent an answer of more than 16 MiB.", place));
    large.details["too_large"] = true;
    return large;
  }
  if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow)
    return error_of(Errc::forge_error, fmt::format("{} sent a response header without an end.", place));
  const bool cut = error == beast::http::error::end_of_stream ||
                   error == beast::http::error::partial_message || error == asio::error::eof ||
                   error == asio::error::connection_reset || error == asio::error::broken_pipe ||
                   error == asio::ssl::error::stream_truncated;
  if (cut)
    return error_of(Errc::forge_unreachable,
                    fmt::format("{} closed the connection before its answer was complete.", place));
  // Whatever else Beast says about HTTP; the cases above are of the same category.
  if (error.category() == beast::http::make_error_code(beast::http::error::bad_version).category()) {
    return error_of(Errc::forge_error,
                    fmt::format("What answers at {} does not speak HTTP: {}.", place, error.message()));
  }
  if (error.category() == asio::error::get_ssl_category()) {
    return error_of(Errc::tls_untrusted,
                    fmt::format("No secure connection to {} could be made: {}.", place, error.message()));
  }
  return error_of(Errc::forge_unreachable,
                  fmt::format("The connection to {} failed: {}.", place, error.message()));
}

Error no_certificate(const Origin& origin) {
  return error_of(Errc::tls_untrusted,
                  fmt::format("{} asked for a client certificate, got none, and closed the connection.",
                              origin.authority()),
                  "Name one for this server in the settings, under [[network.client_certificate]].");
}

Error wants_password(const Proxy& proxy) {
  return error_of(Errc::proxy_failed,
                  fmt::format("The proxy {}:{} requires a user name and password, or refuses the ones given.",
                              proxy.host, proxy.port),
                  "As http://user:password@proxy:port.");
}

}  // namespace forgelink::http
