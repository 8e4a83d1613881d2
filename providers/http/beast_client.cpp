// SPDX-License-Identifier: MIT
#include "providers/http/beast_client.hpp"

#include <fmt/format.h>
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
#include "providers/http/beast_connection.hpp"
#include "providers/http/http_errors.hpp"
#include "providers/http/proxy.hpp"
#include "providers/http/tls_contexts.hpp"
#include "base/url.hpp"

namespace forgelink::http {
namespace {

namespace beast = boost::beast;
using SteadyClock = std::chrono::steady_clock;
using BeastRequest = beast::http::request<beast::http::string_body>;
using Parser = beast::http::response_parser<beast::http::string_body>;

constexpr std::uint64_t largest_reply = 16 << 20;
constexpr Milliseconds kept_for{15'000};
constexpr int most_redirects = 5;

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
        Result<std::unique_ptr<Connection>> made =
            co_await open_connection(*origin, *proxy, until, contexts_, options_);
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
    } else if (!request.json.empty()) {
      message.body().assign(request.json.reveal());
      message.set(beast::http::field::content_type, "application/json");
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
