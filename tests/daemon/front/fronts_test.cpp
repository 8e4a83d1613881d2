// SPDX-License-Identifier: MIT
// Fronts with the real HTTP on both sides, and a forge on a port of this machine.
#include "daemon/front/fronts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/local/stream_protocol.hpp>

#include "daemon/front/front.hpp"
#include "daemon/methods/access_list.hpp"
#include "daemon/methods/connection_remove.hpp"
#include "daemon/methods/front_close.hpp"
#include "daemon/methods/front_open.hpp"
#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// One request on a transport of its own; what came back until it was closed, "" if nobody listens.
template <class Protocol>
awaitable<std::string> exchange(typename Protocol::endpoint to, std::string request) {
  typename Protocol::socket socket(co_await asio::this_coro::executor);
  boost::system::error_code error;
  co_await socket.async_connect(to, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return "";
  co_await asio::async_write(socket, asio::buffer(request), asio::redirect_error(asio::use_awaitable, error));
  std::string answer;
  co_await asio::async_read(socket, asio::dynamic_buffer(answer),
                            asio::redirect_error(asio::use_awaitable, error));
  co_return answer;
}

class FrontsTest : public testing::Test, public ServicesFixture {
 protected:
  FrontsTest() {
    work_ = with_token(draft("Work"), "ghp_token");
    forge.on("GET /api/user", 200, R"({"login":"mona"})");
    forge.on("/info/refs", 200, "refs");
  }
  Reply open(boost::json::object more = {}) {
    more["connection"] = "Work";
    return call<FrontOpen>(std::move(more));
  }
  std::string by_port(const Reply& front, const std::string& target, const std::string& header) {
    const auto port = static_cast<unsigned short>(front->at("port").as_int64());
    const std::string request = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                                "\r\nConnection: close\r\n" + header + "\r\n";
    return loop.run(exchange<asio::ip::tcp>({asio::ip::address_v4::loopback(), port}, request));
  }
  static std::string secret_of(const Reply& front) {
    return std::string(front->at("header").as_string()) + ": " +
           std::string(front->at("secret").as_string()) + "\r\n";
  }
  std::string by_socket(const std::string& socket, const std::string& host, const std::string& target) {
    const std::string request =
        "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    return loop.run(
        exchange<asio::local::stream_protocol>(asio::local::stream_protocol::endpoint(socket), request));
  }
  ConnectionId work_;
};

TEST_F(FrontsTest, TheSocketPutsTheTokenInAndGivesItToNobody) {
  const Reply front = open();
  ASSERT_THAT(front, Succeeds());
  EXPECT_EQ(boost::json::serialize(*front).find("ghp_token"), std::string::npos);
  const std::string answer =
      by_socket(std::string(front->at("socket").as_string()), "api.github.com", "/user");
  EXPECT_THAT(answer, testing::AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("mona")));
  ASSERT_EQ(forge.asked.size(), 1u);
  EXPECT_EQ(forge.asked[0].target, "/api/user");
  EXPECT_THAT(forge.asked[0].head, HasSubstr("ghp_token"));
}

TEST_F(FrontsTest, TheSocketIsForTheUserAlone) {
  const Reply front = open();
  const auto status = std::filesystem::status(std::string(front->at("socket").as_string()));
  EXPECT_EQ(status.permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(FrontsTest, ThePortWantsTheSecretWithEachRequest) {
  const Reply front = open();
  const std::string target = "/" + forge.authority() + "/o/r.git/info/refs?service=git-upload-pack";
  EXPECT_THAT(by_port(front, target, ""), StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(by_port(front, target, std::string(front->at("header").as_string()) + ": wrong\r\n"),
              StartsWith("HTTP/1.1 403"));
  EXPECT_EQ(forge.asked.size(), 0u);
  EXPECT_THAT(by_port(front, target, secret_of(front)), StartsWith("HTTP/1.1 200"));
  ASSERT_EQ(forge.asked.size(), 1u);
  EXPECT_THAT(forge.asked[0].head, HasSubstr("Authorization: Basic "));
  EXPECT_EQ(forge.asked[0].head.find(std::string(front->at("secret").as_string())), std::string::npos)
      << "the front's own secret goes no further";
}

TEST_F(FrontsTest, WhatGitDoesThroughAFrontCountsAsUse) {
  const Reply front = open();
  by_port(front, "/" + forge.authority() + "/o/r.git/info/refs?service=git-upload-pack", secret_of(front));
  EXPECT_TRUE(row(work_).last_used_at);
}

TEST_F(FrontsTest, WhatIsRefusedIsWrittenDownAndNotSent) {
  const Reply front = open({{"repositories", {"o/r"}}});
  EXPECT_THAT(by_socket(std::string(front->at("socket").as_string()), "api.github.com", "/repos/o/other"),
              StartsWith("HTTP/1.1 403"));
  EXPECT_EQ(forge.asked.size(), 0u);
  const Reply log = call<AccessList>();
  ASSERT_EQ(log->at("entries").as_array().size(), 1u);
  EXPECT_EQ(log->at("entries").at(0).at("action"), "run");
  EXPECT_EQ(log->at("entries").at(0).at("outcome"), "denied");
}

TEST_F(FrontsTest, ALockStopsAFrontThatIsOpen) {
  const Reply front = open();
  ASSERT_THAT(services.lock.lock(TokenLock::By::person), Succeeds());
  EXPECT_THAT(by_socket(std::string(front->at("socket").as_string()), "api.github.com", "/user"),
              StartsWith("HTTP/1.1 503"));
  EXPECT_EQ(forge.asked.size(), 0u);
}

TEST_F(FrontsTest, APurgedTokenIsNotUsedByAFrontThatIsOpen) {
  const Reply front = open();
  loop.run(services.tokens.purge({work_}, "all", Tokens::IfUnwritable::keep));
  EXPECT_THAT(by_socket(std::string(front->at("socket").as_string()), "api.github.com", "/user"),
              StartsWith("HTTP/1.1 403"));
}

TEST_F(FrontsTest, AFrontEndsWhenItIsClosed) {
  const Reply front = open();
  const std::string socket(front->at("socket").as_string());
  ASSERT_THAT(call<FrontClose>({{"front", front->at("front")}}), Succeeds());
  EXPECT_FALSE(std::filesystem::exists(socket));
  EXPECT_EQ(by_socket(socket, "api.github.com", "/user"), "");
  EXPECT_THAT(call<FrontClose>({{"front", front->at("front")}}), FailsWith(Errc::not_found));
}

TEST_F(FrontsTest, AFrontEndsWithTheClientThatOpenedIt) {
  const Reply front = open();
  peer->close();
  EXPECT_FALSE(std::filesystem::exists(std::string(front->at("socket").as_string())));
}

TEST_F(FrontsTest, AFrontEndsWithItsConnection) {
  const Reply front = open();
  ASSERT_THAT(call<ConnectionRemove>({{"connection", "Work"}}), Succeeds());
  EXPECT_FALSE(std::filesystem::exists(std::string(front->at("socket").as_string())));
}

TEST_F(FrontsTest, NoMoreAreOpenThanAMachineBears) {
  for (std::size_t i = 0; i < Fronts::most; ++i) ASSERT_THAT(open(), Succeeds());
  EXPECT_THAT(open(), FailsWith(Errc::too_busy));
  services.fronts.close_all();
  EXPECT_THAT(open(), Succeeds());
}

TEST_F(FrontsTest, SocketsOfADaemonThatWasKilledAreSwept) {
  const auto folder = home.folder() / "run" / "forgelink";
  std::filesystem::create_directories(folder);
  const auto left = folder / "front-000000000000";
  {
    asio::io_context other;
    asio::local::stream_protocol::acceptor acceptor(other, left.string());
  }
  ASSERT_TRUE(std::filesystem::exists(left));
  ASSERT_THAT(open(), Succeeds());
  EXPECT_FALSE(std::filesystem::exists(left));
}

TEST_F(FrontsTest, APathThatIsTooLongForASocketIsAnError) {
  const auto front = std::make_shared<Front>(
      loop.executor(), Front::Services{*services.registry, services.gate, services.beast, services.settings},
      work_, FrontRules{}, Asker{}, false);
  EXPECT_THAT(front->listen(home.folder() / std::string(120, 'x')), FailsWith(Errc::internal));
}

}  // namespace
}  // namespace forgelink
