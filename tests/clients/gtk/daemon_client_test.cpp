// SPDX-License-Identifier: MIT
#include "clients/gtk/daemon_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace forgelink::gtk {
namespace {

// The daemon's end: reads lines and writes what a test wants to be answered.
class DaemonClientTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/fl-client-XXXXXX";
    folder_ = mkdtemp(name);
    path_ = folder_ / "socket";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.native().size());
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(listen(listener_, 4), 0);
    ASSERT_TRUE(client_.open(path_));
    daemon_ = accept(listener_, nullptr, nullptr);
  }

  void TearDown() override {
    hang_up();
    close(listener_);
    std::filesystem::remove_all(folder_);
  }

  void hang_up() {
    if (daemon_ >= 0) close(std::exchange(daemon_, -1));
  }

  std::string read_line() {
    std::string line;
    for (char c = 0; c != '\n' && read(daemon_, &c, 1) == 1;) line += c;
    return line;
  }

  void write_line(const std::string& line) {
    const std::string whole = line + "\n";
    ASSERT_EQ(write(daemon_, whole.data(), whole.size()), static_cast<ssize_t>(whole.size()));
  }

  static void run_loop() {
    const auto context = Glib::MainContext::get_default();
    for (int turn = 0; turn < 100; ++turn) context->iteration(false);
  }

  std::filesystem::path folder_, path_;
  int listener_ = -1, daemon_ = -1;
  DaemonClient client_;
};

TEST_F(DaemonClientTest, DoesNotOpenASocketThatOthersMayPutThere) {
  std::filesystem::permissions(folder_, std::filesystem::perms::all);
  EXPECT_FALSE(client_.open(path_));
  EXPECT_FALSE(client_.is_open());
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
  EXPECT_TRUE(client_.open(path_));
}

TEST_F(DaemonClientTest, GivesEachCallItsOwnAnswer) {
  std::vector<std::string> said;
  for (int number = 0; number < 2; ++number) {
    client_.call("x.y", {},
                 [&](const Reply& reply) { said.push_back(text_of(std::get<json::object>(reply), "a")); });
  }
  run_loop();
  write_line(R"({"jsonrpc":"2.0","id":2,"result":{"a":"second"}})");
  write_line(R"({"jsonrpc":"2.0","id":1,"result":{"a":"first"}})");
  run_loop();
  EXPECT_THAT(said, testing::ElementsAre("second", "first"));
}

TEST_F(DaemonClientTest, SendsASecretAsOneMoreParameter) {
  client_.call(
      "x.y", {{"name", "Work"}}, [](const Reply&) {}, SecretParameter{"token", Secret("a\"b\\c\nä")});
  const json::value sent = json::parse(read_line());
  EXPECT_EQ(sent.at("params").at("token").as_string(), "a\"b\\c\nä");
  EXPECT_EQ(sent.at("params").at("name").as_string(), "Work");
}

TEST_F(DaemonClientTest, SendsASecretAloneToo) {
  client_.call(
      "x.y", {}, [](const Reply&) {}, SecretParameter{"token", Secret("t")});
  EXPECT_EQ(json::parse(read_line()).at("params").at("token").as_string(), "t");
}

TEST_F(DaemonClientTest, TellsARefusalWithItsFieldAndHint) {
  Refusal refusal;
  client_.call("x.y", {}, [&](const Reply& reply) { refusal = std::get<Refusal>(reply); });
  write_line(
      R"({"id":1,"error":{"code":-32000,"message":"No.","data":{"kind":"name_taken","field":"add.name","hint":"Other."}}})");
  run_loop();
  EXPECT_EQ(refusal.kind, "name_taken");
  EXPECT_EQ(refusal.field, "name");
  EXPECT_EQ(refusal.sentence(), "No.\nOther.");
}

TEST_F(DaemonClientTest, RefusesWhatWaitsWhenTheDaemonGoes) {
  int lost = 0, told = 0;
  client_.signal_lost().connect([&] { ++told; });
  for (int number = 0; number < 3; ++number) {
    client_.call("x.y", {}, [&](const Reply& reply) { lost += std::get<Refusal>(reply).is_lost() ? 1 : 0; });
  }
  hang_up();
  run_loop();
  EXPECT_EQ(lost, 3);
  EXPECT_EQ(told, 1);
  EXPECT_FALSE(client_.is_open());
}

TEST_F(DaemonClientTest, AnswersACallWithoutAConnectionLater) {
  DaemonClient alone;
  bool lost = false;
  alone.call("x.y", {}, [&](const Reply& reply) { lost = std::get<Refusal>(reply).is_lost(); });
  EXPECT_FALSE(lost);
  run_loop();
  EXPECT_TRUE(lost);
}

TEST_F(DaemonClientTest, CallsNobodyWhoForgotTheCall) {
  client_.forget(client_.call("x.y", {}, [](const Reply&) { ADD_FAILURE(); }));
  write_line(R"({"id":1,"result":{}})");
  run_loop();
}

TEST_F(DaemonClientTest, PassesEventsOn) {
  std::string kind;
  client_.signal_event().connect([&](const json::object& event) { kind = text_of(event, "kind"); });
  write_line(R"({"method":"event","params":{"kind":"connection.added"}})");
  run_loop();
  EXPECT_EQ(kind, "connection.added");
}

TEST_F(DaemonClientTest, ToleratesLinesThatAreNoAnswers) {
  for (const char* line : {"", "[]", "not JSON", R"({"id":7,"result":{}})", R"({"id":"x"})"})
    write_line(line);
  run_loop();
  EXPECT_TRUE(client_.is_open());
}

}  // namespace
}  // namespace forgelink::gtk
