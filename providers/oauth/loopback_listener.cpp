// SPDX-License-Identifier: MIT
#include "providers/oauth/loopback_listener.hpp"

#include <unistd.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <list>
#include <utility>
#include <vector>

#include "base/url.hpp"
#include "providers/oauth/callback_page.hpp"
#include "providers/oauth/peer_user.hpp"
#include "providers/oauth/pkce.hpp"

namespace forgelink {
namespace {

namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using namespace std::chrono_literals;

constexpr int most_tries = 16;  // for a port that is free in both families
constexpr std::size_t most_connections = 16;
constexpr auto time_for_a_request = 10s;
constexpr auto time_for_the_page = 2s;
constexpr std::uint32_t longest_header = 8 << 10;

using Request = beast::http::request<beast::http::empty_body>;
using Response = beast::http::response<beast::http::string_body>;

Response page(beast::http::status status, std::string_view body, std::string_view type) {
  Response response{status, 11};
  response.set(beast::http::field::content_type, std::string(type) + "; charset=utf-8");
  response.set(beast::http::field::cache_control, "no-store");
  response.set("Content-Security-Policy", std::string(page_security_policy()));
  response.set("Referrer-Policy", "no-referrer");
  response.set("X-Content-Type-Options", "nosniff");
  response.set("X-Frame-Options", "DENY");
  response.set("Cross-Origin-Opener-Policy", "same-origin");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  response.keep_alive(false);
  response.body() = body;
  response.prepare_payload();
  return response;
}

Response refusal(beast::http::status status) {
  return page(status, "There is nothing here.\n", "text/plain");
}

}  // namespace

class LoopbackListener::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(const asio::any_io_executor& executor, const OAuthRedirect& redirect)
      : redirect_(redirect), v4_(executor), v6_(executor) {}

  // `path`: "" for a new one.
  Result<> open(unsigned short port, std::string path = {}) {
    boost::system::error_code error;
    for (int tries = 0; tries < most_tries; ++tries) {
      error = bind_all(port);
      // Another program may have the port that was free on 127.0.0.1 on ::1.
      if (error != boost::system::errc::address_in_use || port != 0) break;
    }
    if (error) return no_port(port, error);
    host_ = std::string(redirect_.host) + ":" + std::to_string(v4_.local_endpoint().port());
    path_ = path.empty() ? std::string(redirect_.path) : std::move(path);
    if (redirect_.own_path && path_ == redirect_.path)
      path_ += "/" + std::string(random_text()->reveal().substr(0, 22));
    spawn(v4_.get_executor(), accept_all(v4_));
    if (v6_.is_open()) spawn(v6_.get_executor(), accept_all(v6_));
    return {};
  }

  SignInRequest expect(std::string issuer, OnAnswer on_answer) {
    SignInRequest request{.redirect_uri = "http://" + host_ + path_,
                          .issuer = std::move(issuer),
                          .state = random_text(),
                          .verifier = random_text()};
    waiting_.push_back({.request = request, .on_answer = std::move(on_answer)});
    return request;
  }

  void expect_again(SignInRequest request, OnAnswer on_answer) {
    waiting_.push_back({.request = std::move(request), .on_answer = std::move(on_answer)});
  }

  void forget(const SignInRequest& request) {
    std::erase_if(waiting_, [&](const Waiting& one) { return one.request.state == request.state; });
    if (waiting_.empty()) close();
  }

  bool is_open() const { return v4_.is_open(); }

 private:
  struct Waiting {
    SignInRequest request;
    OnAnswer on_answer;  // empty once it was called
  };

  boost::system::error_code bind_all(unsigned short port) {
    boost::system::error_code error;
    bind(v4_, tcp::v4(), {asio::ip::address_v4::loopback(), port}, error);
    if (error || !redirect_.both_families) return error;
    bind(v6_, tcp::v6(), {asio::ip::address_v6::loopback(), v4_.local_endpoint().port()}, error);
    if (!error) return error;
    boost::system::error_code ignored;
    v6_.close(ignored);
    // A machine without IPv6 has no browser that would try it.
    if (error == boost::system::errc::address_not_available ||
        error == boost::system::errc::address_family_not_supported)
      return {};
    v4_.close(ignored);
    return error;
  }

  static void bind(tcp::acceptor& acceptor, const tcp& family, const tcp::endpoint& at,
                   boost::system::error_code& error) {
    acceptor.open(family, error);
    // A fixed port may be in TIME_WAIT from the last sign-in.
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && family == tcp::v6()) acceptor.set_option(asio::ip::v6_only(true), error);
    if (!error) acceptor.bind(at, error);
    if (!error) acceptor.listen(128, error);
    boost::system::error_code ignored;
    if (error) acceptor.close(ignored);
  }

  static Error no_port(unsigned short port, const boost::system::error_code& error) {
    if (port != 0) {
      return {.code = Errc::internal,
              .message = "The port " + std::to_string(port) +
                         ", to which the browser is to come back, cannot be opened: " + error.message() + ".",
              .hint = "Another program has it; end that, or set another redirect_port and register it."};
    }
    return {.code = Errc::internal,
            .message = "No port could be opened for the browser to come back to: " + error.message() + "."};
  }

  void close() {
    boost::system::error_code ignored;
    v4_.close(ignored);
    v6_.close(ignored);
    // Whoever is not being answered at this moment goes.
    for (const auto& visitor : visitors_) {
      if (!visitor->answered) visitor->stream.close();
    }
  }

  struct Visitor {
    explicit Visitor(tcp::socket socket) : stream(std::move(socket)) {}
    beast::tcp_stream stream;
    bool answered = false;
  };

  awaitable<> accept_all(tcp::acceptor& acceptor) {
    const auto keep = shared_from_this();
    while (acceptor.is_open()) {
      tcp::socket socket(acceptor.get_executor());
      boost::system::error_code error;
      co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
      if (!acceptor.is_open()) co_return;
      if (error) {
        co_await sleep_for(Milliseconds(100));
        continue;
      }
      // Many that say nothing must not keep the one out that does.
      if (visitors_.size() >= most_connections) {
        visitors_.front()->stream.close();
        visitors_.pop_front();
      }
      auto visitor = std::make_shared<Visitor>(std::move(socket));
      visitors_.push_back(visitor);
      spawn(acceptor.get_executor(), serve(visitor));
    }
  }

  awaitable<> serve(std::shared_ptr<Visitor> visitor) {
    const auto keep = shared_from_this();
    beast::flat_static_buffer<longest_header> buffer;
    beast::http::request_parser<beast::http::empty_body> parser;
    parser.header_limit(longest_header);
    parser.body_limit(0);
    visitor->stream.expires_after(time_for_a_request);
    beast::error_code error;
    co_await beast::http::async_read_header(visitor->stream, buffer, parser,
                                            asio::redirect_error(asio::use_awaitable, error));
    // A browser opens connections ahead of need; who closes one without a word gets no answer.
    const bool said_something =
        !error || error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow ||
        error.category() == beast::http::make_error_code(beast::http::error::bad_method).category();
    if (said_something && error != beast::http::error::end_of_stream &&
        error != beast::http::error::partial_message) {
      visitor->answered = true;
      const bool ours = is_our_user(visitor->stream.socket());
      Response response = !ours   ? refusal(beast::http::status::forbidden)
                          : error ? refusal(beast::http::status::bad_request)
                                  : answer(parser.get());
      visitor->stream.expires_after(time_for_the_page);
      co_await beast::http::async_write(visitor->stream, response,
                                        asio::redirect_error(asio::use_awaitable, error));
      visitor->stream.socket().shutdown(tcp::socket::shutdown_send, error);
      // Closing with unread input would reset the connection before the browser has read its page.
      char rest[512];
      std::size_t read = 0;
      while (!error && read < 64 * sizeof rest) {
        const std::size_t got = co_await visitor->stream.async_read_some(
            asio::buffer(rest), asio::redirect_error(asio::use_awaitable, error));
        read += got;
      }
    }
    visitor->stream.close();
    visitors_.remove(visitor);
  }

  // Loopback is open to every user of the machine: another one who saw the address could come back in our
  // place, with an account of his own.
  static bool is_our_user(const tcp::socket& socket) {
    boost::system::error_code error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error) return false;
    const tcp::endpoint local = socket.local_endpoint(error);
    return !error && user_of_peer(peer, local) == getuid();
  }

  Response answer(const Request& request) {
    const std::string_view target = request.target();
    const auto query_mark = target.find('?');
    if (target.substr(0, query_mark) != path_) return refusal(beast::http::status::not_found);
    if (request.method() != beast::http::verb::get) return refusal(beast::http::status::method_not_allowed);
    // A page elsewhere that has its name point at us says another Host (DNS rebinding).
    if (request.count(beast::http::field::host) != 1 || request[beast::http::field::host] != host_)
      return refusal(beast::http::status::bad_request);
    if (query_mark == std::string_view::npos) return refusal(beast::http::status::bad_request);
    const std::string_view query = target.substr(query_mark + 1);
    for (Waiting& one : waiting_) {
      if (one.on_answer && belongs_to(query, one.request)) return take(one, query);
    }
    return refusal(beast::http::status::bad_request);
  }

  Response take(Waiting& one, std::string_view query) {
    // Before the sign-in is told: what is wrong leaves it waiting, as the right answer may still come.
    Result<RedirectAnswer> parsed = parse_redirect_query(query, one.request);
    if (!parsed) return refusal(beast::http::status::bad_request);
    const bool declined = !parsed->error.empty();
    const OnAnswer tell = std::exchange(one.on_answer, nullptr);
    auto later = [tell, answer = std::make_shared<RedirectAnswer>(std::move(*parsed))] {
      tell(std::move(*answer));
    };
    // Posted: it may end the sign-in, and with it this listener, whose page is still to be sent.
    asio::post(v4_.get_executor(), std::move(later));
    return page(beast::http::status::ok, declined ? declined_page() : done_page(), "text/html");
  }

  const OAuthRedirect redirect_;
  tcp::acceptor v4_, v6_;
  std::vector<Waiting> waiting_;
  std::string host_, path_;
  std::list<std::shared_ptr<Visitor>> visitors_;
};

LoopbackListener::Expected::Expected(std::shared_ptr<Impl> impl, SignInRequest request)
    : impl_(std::move(impl)), request_(std::move(request)) {}

LoopbackListener::Expected::~Expected() { impl_->forget(request_); }

Result<LoopbackListener> LoopbackListener::open(const asio::any_io_executor& executor,
                                                const OAuthRedirect& redirect, unsigned short port) {
  auto impl = std::make_shared<Impl>(executor, redirect);
  Result<> opened = impl->open(port);
  if (!opened) return opened.error();
  return LoopbackListener(std::move(impl));
}

std::unique_ptr<LoopbackListener::Expected> LoopbackListener::expect(std::string issuer, OnAnswer on_answer) {
  SignInRequest request = impl_->expect(std::move(issuer), std::move(on_answer));
  return std::make_unique<Expected>(impl_, std::move(request));
}

Result<LoopbackListener> LoopbackListener::reopen(const asio::any_io_executor& executor,
                                                  const OAuthRedirect& redirect,
                                                  const std::string& redirect_uri) {
  const auto address = parse_web_address(redirect_uri);
  if (!address || address->host != redirect.host)
    return Error{.code = Errc::internal, .message = "The address is none of this forge's redirects."};
  auto impl = std::make_shared<Impl>(executor, redirect);
  Result<> opened = impl->open(static_cast<unsigned short>(address->port), address->path);
  if (!opened) return opened.error();
  return LoopbackListener(std::move(impl));
}

std::unique_ptr<LoopbackListener::Expected> LoopbackListener::expect_again(SignInRequest request,
                                                                           OnAnswer on_answer) {
  impl_->expect_again(request, std::move(on_answer));
  return std::make_unique<Expected>(impl_, std::move(request));
}

bool LoopbackListener::is_open() const { return impl_->is_open(); }

}  // namespace forgelink
