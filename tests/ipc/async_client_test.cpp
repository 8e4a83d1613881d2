// SPDX-License-Identifier: MIT
#include "ipc/async_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "ipc/server.hpp"

namespace forgelink::ipc {
namespace {

using namespace std::chrono_literals;

struct Pause {
  static constexpr std::string_view name = "test.pause";
  static constexpr std::string_view summary = "Answer after so many milliseconds.";
  struct Params {
    std::int64_t ms = 0;
    void fields(auto& f) { f.optional("ms", ms, "How long; negative is refused."); }
  };
  struct Reply {
    std::int64_t ms = 0;
    void fields(auto& f) { f.required("ms", ms, "How long it was."); }
  };
  awaitable<Result<Reply>> call(Params params) const {
    if (params.ms < 0) {
      Error error = invalid("ms", "`ms` must not be negative.", "Take a positive one.");
      error.retry_after = 7s;
      co_return error;
    }
    co_await sleep_for(Milliseconds(params.ms));
    co_return Reply{.ms = params.ms};
  }
};

struct Tell {
  static constexpr std::string_view name = "test.tell";
  static constexpr std::string_view summary = "Send two notifications, then answer.";
  struct Params {
    void fields(auto&) {}
  };
  using Reply = Params;
  Result<Reply> call(Params, Peer& peer) const {
    for (const char* number : {"1", "2"})
      peer.notify(std::make_shared<const std::string>(
          std::string(R"({"jsonrpc":"2.0","method":"event","params":{"number":)") + number + "}}"));
    return Reply{};
  }
};

// A server and a client of it on one loop; each test is a coroutine that runs to its end.
class AsyncClientTest : public testing::Test {
 protected:
  AsyncClientTest() {
    folder_ = std::filesystem::temp_directory_path() / ("fl-async-" + std::to_string(getpid()));
    table_.add(Pause{});
    table_.add(Tell{});
    server_.emplace(loop_.get_executor(), table_, Server::Options{});
    server_->listen(folder_ / "forgelink" / "socket");
    std::optional<Client> connected = Client::connect(folder_ / "forgelink" / "socket", 1000ms);
    if (!connected) throw std::runtime_error("nobody listens");
    client_.emplace(loop_.get_executor(), std::move(*connected));
  }
  ~AsyncClientTest() override { std::filesystem::remove_all(folder_); }

  void run(awaitable<> test) {
    bool done = false;
    asio::co_spawn(loop_, std::move(test), [&](std::exception_ptr bug) {
      done = true;
      loop_.stop();
      if (bug) std::rethrow_exception(bug);
    });
    loop_.run_for(10s);
    EXPECT_TRUE(done);
  }

  asio::io_context loop_{1};
  std::filesystem::path folder_;
  MethodTable table_;
  std::optional<Server> server_;
  std::optional<AsyncClient> client_;
};

TEST_F(AsyncClientTest, AReplyComesInItsType) {
  run([](AsyncClient& client) -> awaitable<> {
    Pause::Params params{.ms = 1};
    const Result<Pause::Reply> reply = co_await client.call<Pause>(params, 5000ms);
    EXPECT_TRUE(reply && reply->ms == 1);
  }(*client_));
}

TEST_F(AsyncClientTest, ARefusalComesAsTheDaemonsError) {
  run([](AsyncClient& client) -> awaitable<> {
    Pause::Params params{.ms = -1};
    const Result<Pause::Reply> reply = co_await client.call<Pause>(params, 5000ms);
    EXPECT_TRUE(reply.has_error());
    if (reply) co_return;
    EXPECT_EQ(reply.error().code, Errc::invalid_params);
    EXPECT_EQ(reply.error().field, "ms");
    EXPECT_EQ(reply.error().hint, "Take a positive one.");
    EXPECT_EQ(reply.error().retry_after, 7s);
  }(*client_));
}

TEST_F(AsyncClientTest, AnswersMayOvertakeEachOther) {
  std::vector<std::int64_t> order;
  const auto ask = [&](std::int64_t ms) -> awaitable<> {
    return [](AsyncClient& client, std::int64_t wait, std::vector<std::int64_t>& into) -> awaitable<> {
      Pause::Params params{.ms = wait};
      const Result<Pause::Reply> reply = co_await client.call<Pause>(params, 5000ms);
      into.push_back(reply ? reply->ms : -1);
    }(*client_, ms, order);
  };
  spawn(loop_.get_executor(), ask(200));
  run(ask(1));
  loop_.restart();
  loop_.run_for(400ms);
  EXPECT_THAT(order, testing::ElementsAre(1, 200));
}

TEST_F(AsyncClientTest, ACallGivesUpAtItsLimitAndTheNextOneIsAnswered) {
  run([](AsyncClient& client) -> awaitable<> {
    Pause::Params slow{.ms = 300}, fast{.ms = 1};
    const Result<Pause::Reply> late = co_await client.call<Pause>(slow, 20ms);
    EXPECT_TRUE(late.has_error());
    const Result<Pause::Reply> reply = co_await client.call<Pause>(fast, 5000ms);
    EXPECT_TRUE(reply && reply->ms == 1);
  }(*client_));
}

TEST_F(AsyncClientTest, EventsKeepTheirOrderUntilTheyAreAskedFor) {
  run([](AsyncClient& client) -> awaitable<> {
    const Result<Tell::Reply> told = co_await client.call<Tell>({}, 5000ms);
    EXPECT_TRUE(told.has_value());
    const auto first = co_await client.next_event(5000ms);
    const auto second = co_await client.next_event(5000ms);
    const auto none = co_await client.next_event(20ms);
    EXPECT_EQ(std::get<json::value>(first), (json::object{{"number", 1}}));
    EXPECT_EQ(std::get<json::value>(second), (json::object{{"number", 2}}));
    EXPECT_TRUE(std::holds_alternative<std::monostate>(none));
  }(*client_));
}

TEST_F(AsyncClientTest, WhenTheServerLeavesEveryWaitEnds) {
  run([](AsyncClient& client, Server& server) -> awaitable<> {
    Pause::Params params{.ms = 1};
    const Result<Pause::Reply> before = co_await client.call<Pause>(params, 5000ms);
    EXPECT_TRUE(before.has_value());
    co_await server.stop(10ms);
    const auto event = co_await client.next_event(5000ms);
    EXPECT_TRUE(std::holds_alternative<Unreached>(event));
    const Result<Pause::Reply> after = co_await client.call<Pause>(params, 5000ms);
    EXPECT_TRUE(after.has_error());
  }(*client_, *server_));
}

}  // namespace
}  // namespace forgelink::ipc
