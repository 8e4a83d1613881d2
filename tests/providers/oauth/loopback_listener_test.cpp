// SPDX-License-Identifier: MIT
#include "providers/oauth/loopback_listener.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "base/url.hpp"
#include "providers/oauth/peer_user.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

using asio::ip::tcp;
using testing::StartsWith;

// A browser's request on that address, and the first line of the answer.
awaitable<std::string> request_line_answer(tcp::endpoint at, std::string target, std::string host) {
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect(at, asio::use_awaitable);
  const std::string text = "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  co_await asio::async_write(socket, asio::buffer(text), asio::use_awaitable);
  std::string answer;
  boost::system::error_code end;
  co_await asio::async_read(socket, asio::dynamic_buffer(answer),
                            asio::redirect_error(asio::use_awaitable, end));
  co_return answer.substr(0, answer.find('\r'));
}

class LoopbackListenerTest : public testing::Test {
 protected:
  LoopbackListener open(const OAuthRedirect& redirect) {
    Result<LoopbackListener> opened = LoopbackListener::open(loop.executor(), redirect, 0);
    EXPECT_THAT(opened, Succeeds());
    return *opened;
  }

  std::unique_ptr<LoopbackListener::Expected> expect(LoopbackListener& listener) {
    return listener.expect("https://issuer.example",
                           [this](RedirectAnswer answer) { codes.emplace_back(answer.code.reveal()); });
  }

  // By the browser of the redirect URI's own host, at 127.0.0.1 or ::1.
  std::string visit(const SignInRequest& request, const std::string& query, bool v6 = false) {
    const auto address = parse_web_address(request.redirect_uri);
    const asio::ip::address at =
        v6 ? asio::ip::address(asio::ip::address_v6::loopback()) : asio::ip::address_v4::loopback();
    return loop.run(request_line_answer({at, static_cast<unsigned short>(address->port)},
                                        address->path + query, address->origin().authority()));
  }
  static std::string good(const SignInRequest& request, const std::string& code) {
    return "?code=" + code + "&state=" + std::string(request.state->reveal());
  }
  void settle() {
    loop.run([]() -> awaitable<int> {
      co_await sleep_for(Milliseconds(20));
      co_return 0;
    }());
  }

  Loop loop;
  std::vector<std::string> codes;
};

TEST_F(LoopbackListenerTest, TheRedirectIsWrittenAsTheForgeComparesIt) {
  LoopbackListener plain = open({}), own = open({.own_path = true}),
                   entra = open({.host = "localhost", .path = "/", .both_families = true});
  EXPECT_THAT(expect(plain)->request().redirect_uri,
              testing::MatchesRegex("http://127.0.0.1:[0-9]+/callback"));
  EXPECT_THAT(expect(own)->request().redirect_uri,
              testing::MatchesRegex("http://127.0.0.1:[0-9]+/callback/.{22}"));
  EXPECT_THAT(expect(entra)->request().redirect_uri, testing::MatchesRegex("http://localhost:[0-9]+/"));
}

TEST_F(LoopbackListenerTest, ANameIsServedInBothFamilies) {
  LoopbackListener listener = open({.host = "localhost", .path = "/", .both_families = true});
  const auto first = expect(listener), second = expect(listener);
  EXPECT_THAT(visit(first->request(), good(first->request(), "one")), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(visit(second->request(), good(second->request(), "two"), true), StartsWith("HTTP/1.1 200"));
  settle();
  EXPECT_THAT(codes, testing::ElementsAre("one", "two"));
}

TEST_F(LoopbackListenerTest, SignInsThatShareAPortAreToldApartByState) {
  LoopbackListener listener = open({});
  const auto first = expect(listener), second = expect(listener);
  EXPECT_EQ(first->request().redirect_uri, second->request().redirect_uri);
  EXPECT_THAT(visit(second->request(), good(second->request(), "second")), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(visit(second->request(), good(second->request(), "again")), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(visit(first->request(), good(first->request(), "first")), StartsWith("HTTP/1.1 200"));
  settle();
  EXPECT_THAT(codes, testing::ElementsAre("second", "first"));
}

TEST_F(LoopbackListenerTest, AnotherHostsNameIsRefused) {
  LoopbackListener listener = open({.host = "localhost", .path = "/", .both_families = true});
  const auto expected = expect(listener);
  SignInRequest other = expected->request();
  other.redirect_uri.replace(other.redirect_uri.find("localhost"), 9, "127.0.0.1");
  EXPECT_THAT(visit(other, good(other, "x")), StartsWith("HTTP/1.1 400"));
  settle();
  EXPECT_TRUE(codes.empty());
}

TEST_F(LoopbackListenerTest, ThePortIsFreeWithTheLastSignIn) {
  LoopbackListener listener = open({});
  auto first = expect(listener), second = expect(listener);
  first.reset();
  EXPECT_TRUE(listener.is_open());
  second.reset();
  EXPECT_FALSE(listener.is_open());
}

TEST_F(LoopbackListenerTest, ATakenPortIsSaidSo) {
  tcp::acceptor other(loop.context(), {asio::ip::address_v4::loopback(), 0});
  const Result<LoopbackListener> opened =
      LoopbackListener::open(loop.executor(), {}, other.local_endpoint().port());
  ASSERT_THAT(opened, FailsWith(Errc::internal));
  EXPECT_THAT(opened.error().message, testing::HasSubstr(std::to_string(other.local_endpoint().port())));
}

TEST(PeerUser, TheKernelTellsWhoseAConnectionIs) {
  asio::io_context context;
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  tcp::socket client(context), accepted(context);
  client.connect(acceptor.local_endpoint());
  acceptor.accept(accepted);
  EXPECT_EQ(user_of_peer(accepted.remote_endpoint(), accepted.local_endpoint()), getuid());
}

TEST(PeerUser, AClosedConnectionIsNobodys) {
  asio::io_context context;
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  tcp::socket client(context), accepted(context);
  client.connect(acceptor.local_endpoint());
  acceptor.accept(accepted);
  const tcp::endpoint peer = accepted.remote_endpoint(), local = accepted.local_endpoint();
  client.close();
  EXPECT_EQ(user_of_peer(peer, local), std::nullopt);
}

}  // namespace
}  // namespace forgelink
