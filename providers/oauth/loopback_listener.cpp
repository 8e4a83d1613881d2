// SPDX-License-Identifier: MIT
#include "providers/oauth/loopback_listener.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <list>

#include "providers/oauth/callback_page.hpp"
#include "providers/oauth/pkce.hpp"

namespace forgelink {
namespace {

namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using namespace std::chrono_literals;

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

Response refusal(beast::http::status status) { return page(status, "There is nothing here.\n", "text/plain"); }

}  // namespace

class LoopbackListener::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(const asio::any_io_executor& executor, std::string issuer, OnAnswer on_answer)
      : acceptor_(executor), on_answer_(std::move(on_answer)) {
    request_.issuer = std::move(issuer);
    request_.state = random_text();
    request_.verifier = random_text();
  }

  Result<> open() {
    boost::system::error_code error;
    acceptor_.open(tcp::v4(), error);
    if (!error) acceptor_.bind({asio::ip::address_v4::loopback(), 0}, error);
    if (!error) acceptor_.listen(128, error);
    if (error)
      return Error{
          .code = Errc::internal,
          .message = "No port could be opened for the browser to come back to: " + error.message() + "."};
    host_ = "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    path_ = "/callback/" + std::string(random_text()->reveal().substr(0, 22));
    request_.redirect_uri = "http://" + host_ + path_;
    spawn(acceptor_.get_executor(), accept_all());
    return {};
  }

  void close() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    // Whoever is not being answered at this moment goes.
    for (const auto& visitor : visitors_) {
      if (!visitor->answered) visitor->stream.close();
    }
  }

  const SignInRequest& request() const { return request_; }

 private:
  struct Visitor {
    explicit Visitor(tcp::socket socket) : stream(std::move(socket)) {}
    beast::tcp_stream stream;
    bool answered = false;
  };

  awaitable<> accept_all() {
    const auto keep = shared_from_this();
    while (acceptor_.is_open()) {
      tcp::socket socket(acceptor_.get_executor());
      boost::system::error_code error;
      co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
      if (!acceptor_.is_open()) co_return;
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
      spawn(acceptor_.get_executor(), serve(visitor));
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
    const bool said_something = !error || error == beast::http::error::header_limit ||
                                error == beast::http::error::buffer_overflow ||
                                error.category() == beast::http::make_error_code(beast::http::error::bad_method).category();
    if (said_something && error != beast::http::error::end_of_stream && error != beast::http::error::partial_message) {
      visitor->answered = true;
      Response response = error ? refusal(beast::http::status::bad_request) : answer(parser.get());
      visitor->stream.expires_after(time_for_the_page);
      co_await beast::http::async_write(visitor->stream, response, asio::redirect_error(asio::use_awaitable, error));
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

  Response answer(const Request& request) {
    const std::string_view target = request.target();
    const auto query = target.find('?');
    if (target.substr(0, query) != path_) return refusal(beast::http::status::not_found);
    if (request.method() != beast::http::verb::get) return refusal(beast::http::status::method_not_allowed);
    // A page elsewhere that has its name point at us says another Host (DNS rebinding).
    if (request.count(beast::http::field::host) != 1 || request[beast::http::field::host] != host_)
      return refusal(beast::http::status::bad_request);
    if (!on_answer_ || query == std::string_view::npos) return refusal(beast::http::status::bad_request);
    Result<RedirectAnswer> parsed = parse_redirect_query(target.substr(query + 1), request_);
    if (!parsed) return refusal(beast::http::status::bad_request);

    const bool declined = !parsed->error.empty();
    const OnAnswer tell = std::exchange(on_answer_, nullptr);
    auto later = [tell, answer = std::make_shared<RedirectAnswer>(std::move(*parsed))] {
      tell(std::move(*answer));
    };
    asio::post(acceptor_.get_executor(), std::move(later));
    return page(beast::http::status::ok, declined ? declined_page() : done_page(), "text/html");
  }

  tcp::acceptor acceptor_;
  OnAnswer on_answer_;
  SignInRequest request_;
  std::string host_, path_;
  std::list<std::shared_ptr<Visitor>> visitors_;
};

Result<std::unique_ptr<LoopbackListener>> LoopbackListener::open(const asio::any_io_executor& executor,
                                                                 std::string issuer, OnAnswer on_answer) {
  auto impl = std::make_shared<Impl>(executor, std::move(issuer), std::move(on_answer));
  Result<> opened = impl->open();
  if (!opened) return opened.error();
  return std::unique_ptr<LoopbackListener>(new LoopbackListener(std::move(impl)));
}

LoopbackListener::~LoopbackListener() { impl_->close(); }
const SignInRequest& LoopbackListener::request() const { return impl_->request(); }
void LoopbackListener::close() { impl_->close(); }

}  // namespace forgelink
