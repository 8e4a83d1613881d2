#include "providers/http/beast_client.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <spdlog/spdlog.h>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <algorithm>
#include <cstring>
#include <sstream>

#include "providers/http/basic.hpp"
#include "providers/http/connect.hpp"
#include "providers/http/proxy.hpp"
#include "providers/http/tls_contexts.hpp"
#include "providers/url.hpp"

namespace forgelink::http {
namespace {

namespace beast = boost::beast;
namespace ssl = asio::ssl;
using SteadyClock = std::chrono::steady_clock;
using BeastRequest = beast::http::request<beast::http::string_body>;
using Parser = beast::http::response_parser<beast::http::string_body>;

constexpr Milliseconds connect_limit{10'000};
constexpr std::uint64_t largest_reply = 16 << 20;
constexpr std::uint32_t largest_header = 64 << 10;
constexpr Milliseconds kept_for{15'000};
constexpr int most_redirects = 5;

Error error_of(Errc code, std::string message, std::string hint = {}) {
  return {.code = code, .message = std::move(message), .hint = std::move(hint)};
}

// One connection to one origin, plain or TLS.
struct Connection {
  std::shared_ptr<ssl::context> context;  // outlives its stream
  std::unique_ptr<beast::tcp_stream> plain;
  std::unique_ptr<beast::ssl_stream<beast::tcp_stream>> secure;
  beast::flat_buffer buffer;
  bool used_before = false;

  beast::tcp_stream& tcp() { return plain ? *plain : beast::get_lowest_layer(*secure); }
};

// A connection that waits for the next question.
struct Idle {
  std::unique_ptr<Connection> connection;
  SteadyClock::time_point until;
};

std::string target_of(std::string_view url) {
  const auto authority = url.find("://") + 3;
  const auto path = url.find_first_of("/?#", authority);
  if (path == std::string_view::npos) return "/";
  std::string target(url.substr(path, url.find('#', path) - path));
  return target.starts_with('/') ? target : "/" + target;
}

std::string bare_host(const Origin& origin) {
  return origin.host.starts_with('[') ? origin.host.substr(1, origin.host.size() - 2) : origin.host;
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

// In one piece: beast's ssl_stream joins several in a buffer that it keeps as long as the connection, and
// what is in it is a token in clear.
std::string wire_of(const BeastRequest& message) {
  std::ostringstream wire;
  wire << message;
  return std::move(wire).str();
}

}  // namespace

class BeastClient::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::any_io_executor executor, ClientOptions options)
      : executor_(std::move(executor)), options_(std::move(options)), reaper_(executor_) {}

  void configure(ClientOptions options) {
    options_ = std::move(options);
    contexts_.clear();
    idle_.clear();
  }
  void close() {
    idle_.clear();
    reaper_.cancel();
  }

  awaitable<Result<Reply>> send(Request request) {
    const auto keep = shared_from_this();
    const auto until = SteadyClock::now() + options_.timeout;
    for (int redirects = 0;; ++redirects) {
      Result<Reply> reply = co_await ask(request, until);
      if (!reply) co_return reply;
      const auto next = redirect_within_origin(request, *reply);
      if (!next || redirects == most_redirects) co_return reply;
      request.url = *next;
    }
  }

 private:
  static std::optional<std::string> redirect_within_origin(const Request& request, const Reply& reply) {
    const bool moved =
        reply.status == 301 || reply.status == 302 || reply.status == 307 || reply.status == 308;
    if (!request.follow_within_origin || !moved || request.method != "GET") return std::nullopt;
    const auto origin = origin_of(request.url);
    std::string to(reply.header("location"));
    if (to.starts_with('/') && !to.starts_with("//")) to = origin->text() + to;
    return origin_of(to) == origin ? std::optional(to) : std::nullopt;
  }

  awaitable<Result<Reply>> ask(const Request& request, SteadyClock::time_point until) {
    const auto origin = origin_of(request.url);
    if (!origin) co_return error_of(Errc::internal, "The address to ask is not a web address.");
    Result<std::optional<Proxy>> proxy = proxy_for(*origin, options_.proxy);
    if (!proxy) co_return proxy.error();
    const std::string key =
        origin->text() + (*proxy ? fmt::format(" by {}:{}", (*proxy)->host, (*proxy)->port) : "");

    std::unique_ptr<Connection> connection = take_idle(key);
    while (true) {
      if (!connection) {
        Result<std::unique_ptr<Connection>> made = co_await connect(*origin, *proxy, until);
        if (!made) co_return made.error();
        connection = std::move(*made);
      }
      const bool used_before = connection->used_before;
      bool nothing_came = false;
      Result<Reply> reply =
          co_await exchange(key, std::move(connection), request, *origin, *proxy, until, nothing_came);
      // The server closed a kept connection while we asked: that says nothing about the question.
      const bool stale = !reply && used_before && nothing_came && request.method == "GET";
      if (!stale) co_return reply;
      connection.reset();
    }
  }

  awaitable<Result<Reply>> exchange(const std::string& key, std::unique_ptr<Connection> connection,
                                    const Request& request, const Origin& origin,
                                    const std::optional<Proxy>& proxy, SteadyClock::time_point until,
                                    bool& nothing_came) {
    BeastRequest message = message_for(request, origin, proxy);
    Parser parser;
    parser.body_limit(largest_reply);
    parser.header_limit(largest_header);
    if (request.method == "HEAD") parser.skip(true);
    connection->tcp().expires_at(until);

    std::string wire = wire_of(message);
    beast::error_code error;
    if (connection->secure) {
      co_await asio::async_write(*connection->secure, asio::buffer(wire),
                                 asio::redirect_error(asio::use_awaitable, error));
    } else {
      co_await asio::async_write(*connection->plain, asio::buffer(wire),
                                 asio::redirect_error(asio::use_awaitable, error));
    }
    explicit_bzero(wire.data(), wire.size());
    explicit_bzero(message.body().data(), message.body().size());
    if (!error) {
      if (connection->secure) {
        co_await beast::http::async_read(*connection->secure, connection->buffer, parser,
                                         asio::redirect_error(asio::use_awaitable, error));
      } else {
        co_await beast::http::async_read(*connection->plain, connection->buffer, parser,
                                         asio::redirect_error(asio::use_awaitable, error));
      }
    }
    if (error) {
      nothing_came = !parser.got_some() && error != beast::error::timeout;
      if (nothing_came && connection->secure &&
          was_asked_for_certificate(connection->secure->native_handle()))
        co_return no_certificate(origin);
      co_return translated(error, origin);
    }
    connection->tcp().expires_never();
    connection->buffer.shrink_to_fit();  // nothing of the answer stays in it
    if (proxy && origin.scheme == "http" && parser.get().result_int() == 407)
      co_return wants_password(*proxy);
    Reply reply = reply_of(parser.get(), request.secret_reply);
    if (parser.get().keep_alive() && connection->buffer.size() == 0) {
      connection->used_before = true;
      put_idle(key, std::move(connection));
    }
    co_return reply;
  }

  BeastRequest message_for(const Request& request, const Origin& origin,
                           const std::optional<Proxy>& proxy) const {
    const bool by_proxy = proxy && origin.scheme == "http";
    BeastRequest message;
    message.version(11);
    message.method_string(request.method);
    message.target(by_proxy ? request.url : target_of(request.url));
    message.set(beast::http::field::host, origin.authority());
    message.set(beast::http::field::user_agent, options_.user_agent);
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
    }
    message.prepare_payload();
    return message;
  }

  static Reply reply_of(Parser::value_type& message, bool secret) {
    Reply reply{.status = message.result_int()};
    for (const auto& field : message) {
      std::string name(field.name_string());
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      const auto [at, fresh] = reply.headers.try_emplace(std::move(name), field.value());
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

  awaitable<Result<std::unique_ptr<Connection>>> connect(const Origin& origin,
                                                         const std::optional<Proxy>& proxy,
                                                         SteadyClock::time_point until) {
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
    auto connection = std::make_unique<Connection>();
    auto plain = std::make_unique<beast::tcp_stream>(std::move(*socket));
    plain->expires_after(limit);
    if (origin.scheme == "http") {
      connection->plain = std::move(plain);
      co_return connection;
    }
    if (proxy) {
      Result<> tunnel = co_await open_tunnel(*plain, origin, *proxy);
      if (!tunnel) co_return tunnel.error();
    }
    Result<std::shared_ptr<ssl::context>> context = contexts_.for_origin(origin, options_);
    if (!context) co_return context.error();
    connection->secure = std::make_unique<beast::ssl_stream<beast::tcp_stream>>(std::move(*plain), **context);
    connection->context = *context;
    Result<> shaken = co_await handshake(*connection->secure, origin);
    if (!shaken) co_return shaken.error();
    co_return connection;
  }

  awaitable<Result<>> open_tunnel(beast::tcp_stream& stream, const Origin& origin, const Proxy& proxy) {
    const std::string to = fmt::format("{}:{}", origin.host, origin.port);
    beast::http::request<beast::http::empty_body> message{beast::http::verb::connect, to, 11};
    message.set(beast::http::field::host, to);
    if (proxy.credentials)
      message.set(beast::http::field::proxy_authorization,
                  "Basic " + std::string(proxy.credentials->reveal()));
    beast::http::response_parser<beast::http::empty_body> parser;
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
      co_return error_of(Errc::proxy_failed, fmt::format("The proxy {} refused the way to {} (status {}).",
                                                         at, origin.host, status));
    co_return Result<>();
  }

  awaitable<Result<>> handshake(beast::ssl_stream<beast::tcp_stream>& stream, const Origin& origin) {
    const std::string host = bare_host(origin);
    stream.set_verify_mode(ssl::verify_peer);
    stream.set_verify_callback(ssl::host_name_verification(host));
    boost::system::error_code no_address;
    asio::ip::make_address(host, no_address);
    if (no_address) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
    beast::error_code error;
    co_await stream.async_handshake(ssl::stream_base::client,
                                    asio::redirect_error(asio::use_awaitable, error));
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

  static Error wants_password(const Proxy& proxy) {
    return error_of(Errc::proxy_failed,
                    fmt::format("The proxy {}:{} wants a user name and password, or refuses the ones given.",
                                proxy.host, proxy.port),
                    "As http://user:password@proxy:port.");
  }

  static Error no_certificate(const Origin& origin) {
    return error_of(Errc::tls_untrusted,
                    fmt::format("{} asked for a client certificate, got none, and closed the connection.",
                                origin.authority()),
                    "Name one for this server in the settings, under [[network.client_certificate]].");
  }

  static Error translated(const beast::error_code& error, const Origin& origin) {
    const std::string place = origin.authority();
    if (error == beast::error::timeout)
      return error_of(Errc::forge_unreachable, fmt::format("{} did not answer in time.", place));
    if (error == beast::http::error::body_limit)
      return error_of(Errc::forge_error, fmt::format("{} sent an answer of more than 16 MiB.", place));
    if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow)
      return error_of(Errc::forge_error, fmt::format("{} sent an answer whose header never ends.", place));
    const bool cut = error == beast::http::error::end_of_stream ||
                     error == beast::http::error::partial_message || error == asio::error::eof ||
                     error == asio::error::connection_reset || error == asio::error::broken_pipe ||
                     error == ssl::error::stream_truncated;
    if (cut)
      return error_of(Errc::forge_unreachable,
                      fmt::format("{} closed the connection before its answer was complete.", place));
    if (error.category() == beast::http::make_error_code(beast::http::error::bad_version).category()) {
      return error_of(Errc::forge_error,
                      fmt::format("What answers at {} does not speak HTTP: {}.", place, error.message()));
    }
    if (error.category() == asio::error::get_ssl_category()) {
      return error_of(Errc::tls_untrusted,
                      fmt::format("No secure connection to {} came about: {}.", place, error.message()));
    }
    return error_of(Errc::forge_unreachable,
                    fmt::format("The connection to {} failed: {}.", place, error.message()));
  }

  std::unique_ptr<Connection> take_idle(const std::string& key) {
    const auto found = idle_.find(key);
    if (found == idle_.end()) return nullptr;
    std::unique_ptr<Connection> connection = std::move(found->second.connection);
    idle_.erase(found);
    return connection;
  }

  void put_idle(const std::string& key, std::unique_ptr<Connection> connection) {
    idle_.emplace(key, Idle{.connection = std::move(connection), .until = SteadyClock::now() + kept_for});
    if (idle_.size() == 1) reap_later();
  }

  void reap_later() {
    reaper_.expires_after(kept_for);
    reaper_.async_wait([weak = weak_from_this()](const boost::system::error_code& stopped) {
      const auto self = weak.lock();
      if (stopped || !self) return;
      const auto now = SteadyClock::now();
      std::erase_if(self->idle_, [now](const auto& entry) { return entry.second.until <= now; });
      if (!self->idle_.empty()) {
        self->reap_later();
      } else {
        self->contexts_.clear();  // the trust store takes memory that an idle daemon need not hold
      }
    });
  }

  asio::any_io_executor executor_;
  ClientOptions options_;
  TlsContexts contexts_;
  std::multimap<std::string, Idle> idle_;
  asio::steady_timer reaper_;
};

BeastClient::BeastClient(asio::any_io_executor executor, ClientOptions options)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(options))) {}
BeastClient::~BeastClient() { impl_->close(); }
void BeastClient::configure(ClientOptions options) { impl_->configure(std::move(options)); }

awaitable<Result<Reply>> BeastClient::send(Request request) {
  const std::shared_ptr<Impl> impl = impl_;
  Result<Reply> reply = co_await impl->send(std::move(request));
  co_return reply;
}

}  // namespace forgelink::http
