// SPDX-License-Identifier: MIT
// The real client against a server on loopback that says exactly what a test wants said.
#include "providers/http/beast_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "tests/support/loop.hpp"
#include "tests/support/results.hpp"

namespace forgelink::http {
namespace {

using boost::asio::ip::tcp;

std::string ok_with(const std::string& body, const std::string& more = "") {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

awaitable<Result<>> sleep_and_say(Milliseconds time) {
  co_await sleep_for(time);
  co_return Result<>();
}

// Answers the requests of each accepted transport, in the order of `script`; what follows in `then` is sent
// unasked, after the answer.
class Server {
 public:
  struct Step {
    std::string answer;
    std::string then = {};
    bool close = false;
    bool later = false;  // `then` comes in a packet of its own
  };

  explicit Server(asio::any_io_executor executor)
      : acceptor_(executor, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    spawn(executor, accept());
  }

  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
  }
  void stop() { acceptor_.close(); }

  std::vector<Step> script;
  std::vector<std::string> requests;    // as they came
  std::vector<std::size_t> transports;  // over which transport each came
  std::size_t accepted = 0;

 private:
  awaitable<> accept() {
    while (acceptor_.is_open()) {
      boost::system::error_code error;
      tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      spawn(acceptor_.get_executor(), serve(std::make_shared<tcp::socket>(std::move(socket)), accepted++));
    }
  }

  awaitable<> serve(std::shared_ptr<tcp::socket> socket, std::size_t number) {
    std::string buffer;
    while (next_ < script.size()) {
      boost::system::error_code error;
      const std::size_t size =
          co_await asio::async_read_until(*socket, asio::dynamic_buffer(buffer), "\r\n\r\n",
                                          asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      requests.push_back(buffer.substr(0, size));
      transports.push_back(number);
      buffer.erase(0, size);
      const Step step = script[next_++];
      const std::string all = step.answer + (step.later ? "" : step.then);
      co_await asio::async_write(*socket, asio::buffer(all),
                                 asio::redirect_error(asio::use_awaitable, error));
      if (step.later) {
        co_await sleep_for(Milliseconds(20));
        co_await asio::async_write(*socket, asio::buffer(step.then),
                                   asio::redirect_error(asio::use_awaitable, error));
      }
      if (step.close) co_return;
    }
  }

  tcp::acceptor acceptor_;
  std::size_t next_ = 0;
};

class BeastClientTest : public testing::Test {
 protected:
  BeastClientTest() : server(loop.executor()), client(loop.executor(), {.timeout = Milliseconds(3000)}) {}
  ~BeastClientTest() override { server.stop(); }

  Result<Reply> ask(const std::string& token = "token-one", const std::string& path = "/") {
    Request request{.url = server.url(path), .follow_within_origin = true};
    request.authorization = {
        .scheme = Authorization::Scheme::bearer, .user = "", .secret = std::make_shared<const Secret>(token)};
    return loop.run(client.send(std::move(request)));
  }
  std::string body(const std::string& token = "token-one", const std::string& path = "/") {
    Result<Reply> reply = ask(token, path);
    return reply ? reply->body : reply.error().message;
  }

  Loop loop;
  Server server;
  BeastClient client;
};

TEST_F(BeastClientTest, ATransportIsUsedAgainForTheSameToken) {
  server.script = {{ok_with("one")}, {ok_with("two")}};
  EXPECT_EQ(body(), "one");
  EXPECT_EQ(body(), "two");
  EXPECT_THAT(server.transports, testing::ElementsAre(0, 0));
}

TEST_F(BeastClientTest, TwoTokensNeverShareATransport) {
  server.script = {{ok_with("one")}, {ok_with("two")}};
  EXPECT_EQ(body("token-one"), "one");
  EXPECT_EQ(body("token-two"), "two");
  EXPECT_THAT(server.transports, testing::ElementsAre(0, 1));
}

class Interim : public BeastClientTest, public testing::WithParamInterface<const char*> {};

TEST_P(Interim, IsReadOver) {
  server.script = {{std::string(GetParam()) + ok_with("one")}, {ok_with("two")}};
  EXPECT_EQ(body(), "one");
  EXPECT_EQ(body(), "two") << "the answers do not shift";
}

INSTANTIATE_TEST_SUITE_P(
    All, Interim,
    testing::Values("HTTP/1.1 100 Continue\r\n\r\n",
                    "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
                    "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"));

TEST_F(BeastClientTest, InterimAnswersWithoutEndAreAnError) {
  std::string many;
  for (int i = 0; i < 100; ++i) many += "HTTP/1.1 103 Early Hints\r\n\r\n";
  server.script = {{many + ok_with("late")}};
  EXPECT_THAT(ask(), FailsWith(Errc::forge_error));
}

class Unasked : public BeastClientTest, public testing::WithParamInterface<const char*> {};

TEST_P(Unasked, AnswerBehindAnAnswerIsNobodys) {
  server.script = {{ok_with("one"), GetParam()}, {ok_with("two")}};
  EXPECT_EQ(body(), "one");
  EXPECT_EQ(body(), "two");
  EXPECT_THAT(server.transports, testing::ElementsAre(0, 1)) << "the transport that spoke is not used";
}

TEST_P(Unasked, AnswerOnAnIdleTransportIsNobodys) {
  server.script = {{ok_with("one"), GetParam(), false, true}, {ok_with("two")}};
  EXPECT_EQ(body(), "one");
  EXPECT_THAT(loop.run(sleep_and_say(Milliseconds(60))), Succeeds());
  EXPECT_EQ(body(), "two");
  EXPECT_THAT(server.transports, testing::ElementsAre(0, 1)) << "the transport that spoke is not used";
}

INSTANTIATE_TEST_SUITE_P(
    All, Unasked,
    testing::Values("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret", "x",
                    "HTTP/1.1 100 Continue\r\n\r\n"));

TEST_F(BeastClientTest, ATransportThatWasClosedWhileIdleIsNotUsed) {
  server.script = {{ok_with("one"), "", true}, {ok_with("two")}};
  EXPECT_EQ(body(), "one");
  EXPECT_THAT(loop.run(sleep_and_say(Milliseconds(50))), Succeeds());
  EXPECT_EQ(body(), "two");
  EXPECT_THAT(server.transports, testing::ElementsAre(0, 1));
}

TEST_F(BeastClientTest, A408ToAReusedTransportIsAskedAgainOnANewOne) {
  server.script = {
      {ok_with("one")}, {"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"}, {ok_with("two")}};
  EXPECT_EQ(body(), "one");
  EXPECT_EQ(body(), "two");
  EXPECT_THAT(server.transports, testing::ElementsAre(0, 0, 1));
}

TEST_F(BeastClientTest, A408ToANewTransportIsTheAnswer) {
  server.script = {{"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"}};
  const auto reply = ask();
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->status, 408u);
}

TEST_F(BeastClientTest, NoCodingIsAskedFor) {
  server.script = {{ok_with("one")}};
  EXPECT_EQ(body(), "one");
  EXPECT_THAT(server.requests.at(0), testing::HasSubstr("Accept-Encoding: identity\r\n"));
}

TEST_F(BeastClientTest, ARedirectWithinTheOriginIsFollowedAbsoluteOrRelative) {
  const auto moved = [](const std::string& to) {
    return "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: " + to + "\r\n\r\n";
  };
  server.script = {{moved("/a/b")}, {moved("c?x=1")}, {moved(server.url("/d"))}, {ok_with("there")}};
  EXPECT_EQ(body("token-one", "/start"), "there");
  EXPECT_THAT(server.requests.at(2), testing::StartsWith("GET /a/c?x=1 "));
  EXPECT_THAT(server.requests.at(3), testing::StartsWith("GET /d "));
}

TEST_F(BeastClientTest, ARedirectElsewhereIsTheAnswer) {
  server.script = {{"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://localhost:1/x\r\n\r\n"}};
  const auto reply = ask();
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->status, 302u);
}

TEST_F(BeastClientTest, LocalhostIsTheOwnHostWithoutALookUp) {
  server.script = {{ok_with("one")}};
  std::string url = server.url();
  url.replace(url.find("127.0.0.1"), 9, "git.localhost");
  Request request{.url = url};
  const auto reply = loop.run(client.send(std::move(request)));
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply->body, "one");
}

TEST_F(BeastClientTest, WhatIsLargerThanAReplyMayBeIsSaidToBe) {
  server.script = {{"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"}};
  const auto reply = ask();
  ASSERT_THAT(reply, FailsWith(Errc::forge_error));
  EXPECT_TRUE(reply.error().details.contains("too_large"));
}

}  // namespace
}  // namespace forgelink::http
