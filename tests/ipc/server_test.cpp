// SPDX-License-Identifier: MIT
#include "ipc/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fstream>
#include <future>
#include <thread>

#include "ipc/client.hpp"

namespace forgelink::ipc {
namespace {

using namespace std::chrono_literals;

struct Wait {
  static constexpr std::string_view name = "test.wait";
  static constexpr std::string_view summary = "Answer after so many milliseconds.";
  struct Params {
    std::int64_t ms = 0;
    void fields(auto& f) { f.optional("ms", ms, "How long."); }
  };
  struct Reply {
    std::int64_t ms = 0;
    void fields(auto& f) { f.required("ms", ms, "How long it was."); }
  };
  awaitable<Result<Reply>> call(Params params) const {
    co_await sleep_for(Milliseconds(params.ms));
    co_return Reply{.ms = params.ms};
  }
};

struct Size {
  static constexpr std::string_view name = "test.size";
  static constexpr std::string_view summary = "A text of that size.";
  struct Params {
    std::int64_t bytes = 0;
    void fields(auto& f) { f.optional("bytes", bytes, "How large."); }
  };
  struct Reply {
    std::string text;
    void fields(auto& f) { f.required("text", text, "So large."); }
  };
  Result<Reply> call(Params params) const {
    if (params.bytes < 0) throw std::runtime_error("a bug");
    return Reply{.text = std::string(static_cast<std::size_t>(params.bytes), 'x')};
  }
};

struct Subscribe {
  static constexpr std::string_view name = "test.subscribe";
  static constexpr std::string_view summary = "Notify for ever.";
  struct Params {
    void fields(auto&) {}
  };
  using Reply = Params;
  std::vector<std::weak_ptr<Peer>>& peers;
  Result<Reply> call(Params, Peer& peer) const {
    peers.push_back(peer.weak_from_this());
    return Reply{};
  }
};

// A server on a loop of its own thread, and raw clients of it.
class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    folder_ = std::filesystem::temp_directory_path() / ("fl-ipc-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_ / "forgelink");
    socket_ = folder_ / "forgelink" / "socket";
    table_.add(Wait{});
    table_.add(Size{});
    table_.add(Subscribe{peers_});
  }
  ~ServerTest() override {
    stop();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    server_ = std::make_unique<Server>(loop_.get_executor(), table_, Server::Options{});
    server_->listen(socket_);
    thread_ = std::thread([this] { loop_.run(); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    asio::post(loop_, [this] {
      asio::co_spawn(loop_, server_->stop(200ms), [this](std::exception_ptr) { loop_.stop(); });
    });
    thread_.join();
  }

  // A plain connection: what is written and read is seen byte by byte.
  class Raw {
   public:
    explicit Raw(const std::filesystem::path& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      path.native().copy(address.sun_path, sizeof address.sun_path - 1);
      EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
      const timeval limit{.tv_sec = 10, .tv_usec = 0};
      setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }
    ~Raw() { close(socket_); }
    bool write(std::string_view text) {
      return send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
    }
    void end_writing() { shutdown(socket_, SHUT_WR); }
    std::string line() {
      for (;;) {
        const auto end = read_.find('\n', searched_);
        if (end != std::string::npos) {
          std::string line = read_.substr(0, end);
          read_.erase(0, end + 1);
          searched_ = 0;
          return line;
        }
        searched_ = read_.size();
        char piece[65536];
        const ssize_t size = recv(socket_, piece, sizeof piece, 0);
        if (size <= 0) return std::exchange(read_, {});
        read_.append(piece, static_cast<std::size_t>(size));
      }
    }

   private:
    int socket_;
    std::string read_;
    std::size_t searched_ = 0;
  };

  asio::io_context loop_{1};
  MethodTable table_;
  std::vector<std::weak_ptr<Peer>> peers_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
  std::filesystem::path folder_, socket_;
};

std::string call(int id, std::string_view method, std::string_view params = "{}") {
  return "{\"jsonrpc\":\"2.0\",\"id\":" + std::to_string(id) + ",\"method\":\"" + std::string(method) +
         "\",\"params\":" + std::string(params) + "}\n";
}

TEST_F(ServerTest, RequestsRunSideBySideAndAreAnsweredAsTheyFinish) {
  start();
  Raw client(socket_);
  client.write(call(1, "test.wait", "{\"ms\":300}") + call(2, "test.wait", "{\"ms\":10}") +
               call(3, "test.size"));
  EXPECT_THAT(client.line(), testing::HasSubstr("\"id\":3"));
  EXPECT_THAT(client.line(), testing::HasSubstr("\"id\":2"));
  EXPECT_THAT(client.line(), testing::HasSubstr("\"id\":1"));
}

TEST_F(ServerTest, NoMoreThanThirtyTwoRunAtOnceAndAllAreAnswered) {
  start();
  Raw client(socket_);
  std::string all;
  for (int i = 0; i < 100; ++i) all += call(i, "test.wait", "{\"ms\":20}");
  client.write(all);
  for (int i = 0; i < 100; ++i) EXPECT_THAT(client.line(), testing::HasSubstr("\"ms\":20"));
}

TEST_F(ServerTest, BatchesAreAnsweredAsOneArrayAndNotificationsNotAtAll) {
  start();
  Raw client(socket_);
  client.write(
      R"([{"jsonrpc":"2.0","id":1,"method":"test.wait","params":{"ms":20}},{"jsonrpc":"2.0","method":"test.size"},{"foo":"boo"},{"jsonrpc":"2.0","id":"x","method":"nope"}])"
      "\n");
  const auto answers = json::parse(client.line()).as_array();
  EXPECT_EQ(answers.size(), 3u);
  client.write("[]\n[1,2]\n");
  EXPECT_THAT(client.line(), testing::HasSubstr("-32600"));
  EXPECT_EQ(json::parse(client.line()).as_array().size(), 2u);
  client.write(R"([{"jsonrpc":"2.0","method":"test.size"}])"
               "\n" +
               call(9, "test.size"));
  EXPECT_THAT(client.line(), testing::HasSubstr("\"id\":9"));
}

TEST_F(ServerTest, ALargeBatchDoesNotKeepOthersWaiting) {
  start();
  Raw busy(socket_), other(socket_);
  std::string batch = "[";
  for (int i = 0; i < 10'000; ++i)
    batch += (i > 0 ? "," : "") + call(i, "test.size").substr(0, call(i, "test.size").size() - 1);
  std::thread writer([&] { busy.write(batch + "]\n"); });
  other.write(call(1, "test.size"));
  EXPECT_THAT(other.line(), testing::HasSubstr("\"id\":1"));
  writer.join();
  EXPECT_EQ(json::parse(busy.line()).as_array().size(), 10'000u);
}

TEST_F(ServerTest, NonsenseIsAnsweredAndOnlyWhatCannotBeFollowedEndsTheConnection) {
  start();
  Raw client(socket_);
  client.write("this is not JSON\n");
  EXPECT_THAT(client.line(), testing::HasSubstr("-32700"));
  client.write(call(1, "no.such.method"));
  EXPECT_THAT(client.line(), testing::HasSubstr("-32601"));
  client.write(call(2, "test.wait", "[1]"));
  EXPECT_THAT(client.line(),
              testing::AllOf(testing::HasSubstr("-32602"), testing::HasSubstr("invalid_params")));
  client.write(call(3, "test.size", "{\"bytes\":-1}"));
  EXPECT_THAT(client.line(),
              testing::AllOf(testing::HasSubstr("-32603"), testing::HasSubstr("\"internal\"")));
  client.write(std::string(33, '[') + std::string(33, ']') + "\n");
  EXPECT_THAT(client.line(), testing::HasSubstr("32 levels"));
  EXPECT_EQ(client.line(), "");

  Raw endless(socket_);
  std::thread writer([&] { endless.write(std::string((1 << 20) + 100, 'x')); });
  EXPECT_THAT(endless.line(), testing::HasSubstr("1 MiB"));
  writer.join();
}

TEST_F(ServerTest, ThirtyTwoLevelsAreAllowed) {
  start();
  Raw client(socket_);
  const std::string deep =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.size\",\"params\":{\"x\":" + std::string(30, '[') +
      std::string(30, ']') + "}}\n";
  client.write(deep);
  EXPECT_THAT(client.line(), testing::HasSubstr("\"id\":1,\"result\""));
}

TEST_F(ServerTest, WhoeverStopsSpeakingStillGetsTheAnswers) {
  start();
  Raw client(socket_);
  client.write(call(1, "test.wait", "{\"ms\":50}") +
               "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"test.size\"}");
  client.end_writing();
  EXPECT_THAT(client.line(), testing::HasSubstr("\"id\":2"));
  EXPECT_THAT(client.line(), testing::HasSubstr("\"id\":1"));
  EXPECT_EQ(client.line(), "");
}

TEST_F(ServerTest, AnAskerThatDoesNotReadIsHeldBackAndGetsAllInTheEnd) {
  start();
  Raw client(socket_);
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) client.write(call(i, "test.size", "{\"bytes\":200000}"));
  });
  std::this_thread::sleep_for(200ms);
  for (int i = 0; i < 100; ++i) ASSERT_GT(client.line().size(), 200'000u) << i;
  writer.join();
}

TEST_F(ServerTest, ASubscriberThatDoesNotReadIsDropped) {
  start();
  Raw client(socket_);
  client.write(call(1, "test.subscribe"));
  client.line();
  const auto event = std::make_shared<const std::string>(std::string(100'000, 'e'));
  bool gone = false;
  for (int i = 0; i < 200 && !gone; ++i) {
    std::promise<bool> told;
    asio::post(loop_, [&] {
      const auto peer = peers_.front().lock();
      if (peer) peer->notify(event);
      told.set_value(peer == nullptr);
    });
    gone = told.get_future().get();
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_TRUE(gone);
}

TEST_F(ServerTest, FaultG1ALargeAnswerDoesNotCountAsUnreadEvents) {
  start();
  Raw client(socket_);
  client.write(call(1, "test.subscribe"));
  client.line();
  client.write(call(2, "test.size", "{\"bytes\":8000000}"));
  std::this_thread::sleep_for(100ms);
  std::promise<bool> told;
  asio::post(loop_, [&] {
    const auto peer = peers_.front().lock();
    if (peer) peer->notify(std::make_shared<const std::string>("an event"));
    told.set_value(peer != nullptr);
  });
  ASSERT_TRUE(told.get_future().get());
  EXPECT_GT(client.line().size(), 8'000'000u);
  EXPECT_EQ(client.line(), "an event");
}

TEST_F(ServerTest, FaultG2AnIdThatJsonCannotSayIsRefused) {
  start();
  Raw client(socket_);
  client.write(R"({"jsonrpc":"2.0","id":1e999,"method":"test.size"})"
               "\n");
  EXPECT_THAT(client.line(), testing::AllOf(testing::HasSubstr("-32600"), testing::HasSubstr("\"id\":null")));
}

TEST_F(ServerTest, FaultG5ABatchIsAnsweredNoFasterThanItIsRead) {
  start();
  Raw client(socket_), other(socket_);
  std::string batch = "[";
  for (int i = 0; i < 1'000; ++i) {
    std::string one = call(i, "test.size", "{\"bytes\":100000}");
    one.pop_back();
    batch += (i > 0 ? "," : "") + one;
  }
  client.write(batch + "]\n");
  std::this_thread::sleep_for(100ms);
  other.write(call(1, "test.size"));
  EXPECT_THAT(other.line(), testing::HasSubstr("\"id\":1"));
  EXPECT_GT(client.line().size(), 100'000'000u) << "all of it comes in the end";
}

TEST_F(ServerTest, AnEventDuringABatchComesAfterItsLine) {
  start();
  Raw client(socket_);
  client.write(call(1, "test.subscribe"));
  client.line();
  std::string batch = "[";
  for (int i = 0; i < 100; ++i) {
    std::string one = call(i, "test.size", "{\"bytes\":100000}");
    one.pop_back();
    batch += (i > 0 ? "," : "") + one;
  }
  client.write(batch + "]\n");
  std::this_thread::sleep_for(50ms);
  asio::post(loop_, [&] {
    if (const auto peer = peers_.front().lock())
      peer->notify(std::make_shared<const std::string>("an event"));
  });
  EXPECT_EQ(json::parse(client.line()).as_array().size(), 100u);
  EXPECT_EQ(client.line(), "an event");
}

TEST_F(ServerTest, AStaleSocketFileIsReplacedAndALiveOneIsNot) {
  std::ofstream(folder_ / "not-a-socket").close();
  start();
  Server second(loop_.get_executor(), table_, {});
  EXPECT_THROW(second.listen(socket_), std::system_error);
  EXPECT_THROW(second.listen(folder_ / "not-a-socket"), std::system_error);
  stop();
  EXPECT_FALSE(std::filesystem::exists(socket_));
  const int stale = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_.native().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(stale, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  close(stale);
  loop_.restart();
  start();
  Raw client(socket_);
  client.write(call(1, "test.size"));
  EXPECT_THAT(client.line(), testing::HasSubstr("\"id\":1"));
}

TEST_F(ServerTest, StoppingFinishesWhatIsUnderWayAndRefusesTheRest) {
  start();
  Raw client(socket_);
  client.write(call(1, "test.wait", "{\"ms\":100}"));
  std::this_thread::sleep_for(30ms);
  std::thread stopper([this] { stop(); });
  std::this_thread::sleep_for(30ms);
  client.write(call(2, "test.size"));
  EXPECT_THAT(client.line(), testing::HasSubstr("shutting_down"));
  EXPECT_THAT(client.line(), testing::HasSubstr("\"id\":1,\"result\""));
  EXPECT_EQ(client.line(), "");
  stopper.join();
}

TEST_F(ServerTest, TheClientLibraryCallsIsRefusedAndHearsEvents) {
  start();
  auto client = Client::connect(socket_, 1s);
  ASSERT_TRUE(client);
  EXPECT_EQ(std::get<json::value>(client->call("test.wait", json::object{{"ms", 5}}, 5s)).at("ms"), 5);
  EXPECT_EQ(std::get<Refused>(client->call("nope", json::object{}, 5s)).error.at("code"), -32601);
  EXPECT_TRUE(std::holds_alternative<Unreached>(client->call("test.wait", json::object{{"ms", 5000}}, 50ms)));
  auto watcher = Client::connect(socket_, 1s);
  watcher->call("test.subscribe", json::object{}, 5s);
  asio::post(loop_, [this] {
    if (const auto peer = peers_.back().lock())
      peer->notify(
          std::make_shared<const std::string>(R"({"jsonrpc":"2.0","method":"event","params":{"n":1}})"));
  });
  EXPECT_EQ(std::get<json::value>(watcher->next_event(5s)).at("n"), 1);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(watcher->next_event(20ms)));
  EXPECT_FALSE(Client::connect(folder_ / "nowhere", 1s));
}

}  // namespace
}  // namespace forgelink::ipc
