// SPDX-License-Identifier: MIT
#include "providers/http/exchange.hpp"

#include <fmt/format.h>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <cstring>
#include <sstream>

#include "base/text.hpp"
#include "providers/http/basic.hpp"
#include "providers/http/http_errors.hpp"

namespace forgelink::http {
namespace {

namespace beast = boost::beast;
using BeastRequest = beast::http::request<beast::http::string_body>;
using Parser = beast::http::response_parser<beast::http::string_body>;

constexpr std::uint64_t largest_reply = 16 << 20;

std::string target_of(std::string_view url) {
  const auto authority = url.find("://") + 3;
  const auto path = url.find_first_of("/?#", authority);
  if (path == std::string_view::npos) return "/";
  std::string target(url.substr(path, url.find('#', path) - path));
  return target.starts_with('/') ? target : "/" + target;
}

void append_form(std::string& body, std::string_view key, std::string_view value) {
  if (!body.empty()) body += '&';
  std::string encoded = percent_encoded(value);
  body.append(key).append("=").append(encoded);
  explicit_bzero(encoded.data(), encoded.size());
}

// The Authorization header is made here, at the last moment, and goes with the message.
void authorize(BeastRequest& message, const Authorization& authorization) {
  using Scheme = Authorization::Scheme;
  if (authorization.scheme == Scheme::none || !authorization.secret) return;
  const std::string_view token = authorization.secret->reveal();
  std::string value;
  switch (authorization.scheme) {
    case Scheme::bearer:
      value.append("Bearer ").append(token);
      break;
    case Scheme::basic:
      value.append("Basic ").append(basic_credentials(authorization.user, token).reveal());
      break;
    case Scheme::private_token:
    case Scheme::none:
      value.assign(token);
      break;
  }
  if (authorization.scheme == Scheme::private_token) {
    message.set("PRIVATE-TOKEN", value);
  } else {
    message.set(beast::http::field::authorization, value);
  }
  explicit_bzero(value.data(), value.size());
}

BeastRequest message_for(const Request& request, const Origin& origin, const std::optional<Proxy>& proxy,
                         const std::string& user_agent) {
  const bool by_proxy = proxy && origin.scheme == "http";
  BeastRequest message;
  message.version(11);
  message.method_string(request.method);
  // A proxy that does not tunnel is asked for the whole address (RFC 9112 section 3.2.2).
  message.target(by_proxy ? request.url : target_of(request.url));
  message.set(beast::http::field::host, origin.authority());
  message.set(beast::http::field::user_agent, user_agent);
  // Without it a server may answer in any coding (RFC 9110 section 12.5.3), and none is understood here.
  message.set(beast::http::field::accept_encoding, "identity");
  for (const auto& [name, value] : request.headers) message.set(name, value);
  if (by_proxy && proxy->credentials) {
    message.set(beast::http::field::proxy_authorization,
                "Basic " + std::string(proxy->credentials->reveal()));
  }
  authorize(message, request.authorization);
  if (!request.form.empty()) {
    for (const auto& [name, value] : request.form.open) append_form(message.body(), name, value);
    for (const auto& [name, value] : request.form.secret) append_form(message.body(), name, value.reveal());
    message.set(beast::http::field::content_type, "application/x-www-form-urlencoded");
  } else if (!request.json.empty()) {
    message.body().assign(request.json.reveal());
    message.set(beast::http::field::content_type, "application/json");
  } else if (!request.body.empty()) {
    message.body() = request.body;
  }
  message.prepare_payload();
  return message;
}

// In one piece: beast's ssl_stream joins several in a buffer that it keeps as long as the transport, and
// what is in it is a token in clear.
std::string wire_of(BeastRequest&& message) {
  std::ostringstream wire;
  wire << message;
  explicit_bzero(message.body().data(), message.body().size());
  return std::move(wire).str();
}

Reply reply_of(Parser::value_type& message, bool secret) {
  Reply reply{.status = message.result_int()};
  for (const auto& field : message) {
    const auto [at, fresh] = reply.headers.try_emplace(lower_case(field.name_string()), field.value());
    // A repeated header is a list (RFC 9110 section 5.3).
    if (!fresh) at->second.append(", ").append(field.value());
  }
  if (secret) {
    reply.secret_body = std::make_shared<const Secret>(message.body());
    explicit_bzero(message.body().data(), message.body().size());
  } else {
    reply.body = std::move(message.body());
  }
  return reply;
}

// A fresh parser for each answer; `nothing_came` tells whether any byte of it arrived.
awaitable<beast::error_code> read_answer(Transport& transport, std::optional<Parser>& parser, bool no_body) {
  parser.emplace();
  parser->body_limit(largest_reply);
  parser->header_limit(largest_header);
  // The answer to HEAD has the length of a body that does not come (RFC 9110 section 9.3.2).
  parser->skip(no_body);
  beast::error_code error;
  if (transport.secure) {
    co_await beast::http::async_read(*transport.secure, transport.buffer, *parser,
                                     asio::redirect_error(asio::use_awaitable, error));
  } else {
    co_await beast::http::async_read(*transport.plain, transport.buffer, *parser,
                                     asio::redirect_error(asio::use_awaitable, error));
  }
  co_return error;
}

awaitable<beast::error_code> write_request(Transport& transport, std::string& wire) {
  beast::error_code error;
  if (transport.secure) {
    co_await asio::async_write(*transport.secure, asio::buffer(wire),
                               asio::redirect_error(asio::use_awaitable, error));
  } else {
    co_await asio::async_write(*transport.plain, asio::buffer(wire),
                               asio::redirect_error(asio::use_awaitable, error));
  }
  explicit_bzero(wire.data(), wire.size());
  co_return error;
}

}  // namespace

awaitable<Result<Reply>> exchange(Transport& transport, const Request& request, const Origin& origin,
                                  const std::optional<Proxy>& proxy, const std::string& user_agent,
                                  std::chrono::steady_clock::time_point until, ExchangeState& state) {
  transport.tcp().expires_at(until);
  std::string wire = wire_of(message_for(request, origin, proxy, user_agent));
  beast::error_code error = co_await write_request(transport, wire);
  std::optional<Parser> parser;
  int interim = 0;
  while (!error) {
    error = co_await read_answer(transport, parser, request.method == "HEAD");
    // RFC 9110 section 15.2: any number of 1xx may come before the final answer; each is read and dropped.
    if (error || parser->get().result_int() >= 200 || ++interim > most_interim) break;
  }
  if (error) {
    const bool got_some = interim > 0 || (parser && parser->got_some());
    // A time-out is no closed transport: the server may be working on the request.
    state.nothing_came = !got_some && error != beast::error::timeout;
    if (state.nothing_came && transport.secure &&
        was_asked_for_certificate(transport.secure->native_handle()))
      co_return no_certificate(origin);
    co_return translated(error, origin);
  }
  if (parser->get().result_int() < 200)
    co_return error_of(Errc::forge_error,
                       fmt::format("{} sent interim answers only (1xx).", origin.authority()));
  transport.tcp().expires_never();
  transport.buffer.shrink_to_fit();  // nothing of the answer stays in it
  state.reusable = parser->get().keep_alive() && transport.buffer.size() == 0;
  if (proxy && origin.scheme == "http" && parser->get().result_int() == 407) co_return wants_password(*proxy);
  co_return reply_of(parser->get(), request.secret_reply);
}

}  // namespace forgelink::http
