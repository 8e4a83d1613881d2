// SPDX-License-Identifier: MIT
#include "providers/http/beast_client.hpp"

#include <fmt/format.h>
#include <boost/url.hpp>

#include "base/memory.hpp"
#include "base/url.hpp"
#include "providers/http/exchange.hpp"
#include "providers/http/http_errors.hpp"
#include "providers/http/token_digest.hpp"
#include "providers/http/transport_pool.hpp"
#include "providers/http/transport_stream.hpp"

namespace forgelink::http {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int most_redirects = 5;

bool is_repeatable(const Request& request) {
  // An answer that holds a token comes once.
  return (request.method == "GET" || request.method == "HEAD") && !request.secret_reply;
}

bool is_redirect(unsigned status) { return status == 301 || status == 302 || status == 307 || status == 308; }

// Where the answer points to, if the request may go there: the same origin, and no page where a person would
// sign in.
std::optional<std::string> redirect_within_origin(const Request& request, const Reply& reply) {
  if (!request.follow_within_origin || !is_redirect(reply.status) || !is_repeatable(request))
    return std::nullopt;
  const auto base = boost::urls::parse_uri(request.url);
  const auto to = boost::urls::parse_uri_reference(reply.header("location"));
  if (!base || !to) return std::nullopt;
  boost::urls::url resolved;
  if (!boost::urls::resolve(*base, *to, resolved)) return std::nullopt;
  std::string url(resolved.buffer());
  if (origin_of(url) != origin_of(request.url)) return std::nullopt;
  const bool sign_in = !request.sign_in_path.empty() && url.find(request.sign_in_path) != std::string::npos;
  return sign_in ? std::nullopt : std::optional(std::move(url));
}

// Two tokens never share a transport.
std::string pool_key(const Request& request, const Origin& origin, const std::optional<Proxy>& proxy) {
  std::string key = origin.text();
  if (proxy) key += fmt::format(" by {}:{}", proxy->host, proxy->port);
  key += "\n" + request.authorization.user + "\n";
  if (request.authorization.secret) key += digest_of(*request.authorization.secret);
  return key;
}

}  // namespace

class BeastClient::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(const asio::any_io_executor& executor, ClientOptions options)
      : options_(std::move(options)), pool_(executor, [this] { give_back_memory(); }) {}

  void configure(ClientOptions options) {
    options_ = std::move(options);
    contexts_.clear();
    pool_.clear();
  }
  void close() { pool_.clear(); }

  awaitable<Result<Reply>> send(Request request) {
    const auto keep = shared_from_this();
    const auto until = SteadyClock::now() + options_.timeout;
    for (int redirects = 0;; ++redirects) {
      Result<Reply> reply = co_await ask(request, until);
      pool_.note_use();
      if (!reply) co_return reply;
      auto next = redirect_within_origin(request, *reply);
      if (!next || redirects == most_redirects) co_return reply;
      request.url = std::move(*next);
    }
  }

  awaitable<Result<Upstream>> open(std::string url) {
    const auto keep = shared_from_this();
    const auto origin = origin_of(url);
    if (!origin) co_return error_of(Errc::internal, "The request's address is not a web address.");
    Result<std::optional<Proxy>> proxy = proxy_for(*origin, options_.proxy);
    if (!proxy) co_return proxy.error();
    Result<std::unique_ptr<Transport>> made =
        co_await open_transport(*origin, *proxy, SteadyClock::now() + options_.timeout, contexts_, options_);
    if (!made) co_return made.error();
    Upstream upstream{.whole_address = *proxy && origin->scheme == "http"};
    if (upstream.whole_address) upstream.proxy_credentials = (*proxy)->credentials;
    upstream.stream = stream_of(std::move(*made));
    co_return upstream;
  }

 private:
  awaitable<Result<Reply>> ask(const Request& request, SteadyClock::time_point until) {
    const auto origin = origin_of(request.url);
    if (!origin) co_return error_of(Errc::internal, "The request's address is not a web address.");
    Result<std::optional<Proxy>> proxy = proxy_for(*origin, options_.proxy);
    if (!proxy) co_return proxy.error();
    const std::string key = pool_key(request, *origin, *proxy);
    // What cannot be sent twice goes over a transport of its own: a kept one may end under it.
    const bool repeatable = is_repeatable(request);
    std::unique_ptr<Transport> transport;
    if (repeatable) transport = pool_.take(key);
    while (true) {
      if (!transport) {
        Result<std::unique_ptr<Transport>> made =
            co_await open_transport(*origin, *proxy, until, contexts_, options_);
        if (!made) co_return made.error();
        transport = std::move(*made);
      }
      ExchangeState state;
      const std::string agent = options_.user_agent;
      Result<Reply> reply = co_await exchange(*transport, request, *origin, *proxy, agent, until, state);
      // The server closed a kept transport while we asked, or had given up on it before (408): that says
      // nothing about the request.
      const bool stale =
          transport->used_before && (reply ? reply->status == 408 : state.nothing_came) && repeatable;
      if (!stale) {
        if (reply && state.reusable && repeatable) pool_.put(key, std::move(transport));
        co_return reply;
      }
      // Once only: the next transport is fresh, and so never stale.
      transport.reset();
    }
  }

  // The trust store and the arena of a long list are memory that an idle daemon need not hold.
  void give_back_memory() {
    contexts_.clear();
    release_free_memory();
  }

  ClientOptions options_;
  TlsContexts contexts_;
  TransportPool pool_;
};

BeastClient::BeastClient(asio::any_io_executor executor, ClientOptions options)
    : impl_(std::make_shared<Impl>(executor, std::move(options))) {}
BeastClient::~BeastClient() { impl_->close(); }
void BeastClient::configure(ClientOptions options) { impl_->configure(std::move(options)); }

awaitable<Result<Reply>> BeastClient::send(Request request) {
  const std::shared_ptr<Impl> impl = impl_;
  Result<Reply> reply = co_await impl->send(std::move(request));
  co_return reply;
}

awaitable<Result<Upstream>> BeastClient::open(std::string url) {
  const std::shared_ptr<Impl> impl = impl_;
  Result<Upstream> upstream = co_await impl->open(std::move(url));
  co_return upstream;
}

}  // namespace forgelink::http
