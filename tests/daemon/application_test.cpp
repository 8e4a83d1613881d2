// SPDX-License-Identifier: MIT
// The daemon as main() runs it, in a thread of this process, in a folder of its own.
#include "daemon/application.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "daemon/settings/settings.hpp"
#include "ipc/client.hpp"
#include "tests/support/private_home.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// What the service manager hears (sd_notify(3)).
class ServiceManager {
 public:
  explicit ServiceManager(PrivateHome& home) : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const std::string path = (home.folder() / "notify").string();
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    home.set("NOTIFY_SOCKET", path);
  }
  ~ServiceManager() { close(socket_); }
  ServiceManager(const ServiceManager&) = delete;

  // Reads on until it is told that, for 5 s at most.
  bool hears(std::string_view wanted) {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    while (poll(&waiting, 1, 5'000) == 1) {
      char text[4096];
      const ssize_t size = recv(socket_, text, sizeof text, 0);
      if (size > 0 && std::string_view(text, static_cast<std::size_t>(size)).starts_with(wanted)) return true;
    }
    return false;
  }

 private:
  int socket_;
};

class ApplicationTest : public testing::Test {
 protected:
  ApplicationTest() { settings(""); }
  ~ApplicationTest() override {
    if (thread_.joinable()) stop();
  }

  void settings(const std::string& more) {
    std::ofstream(settings_file_) << "[daemon]\nlog_level = \"error\"\n[notifications]\nenabled = false\n"
                                  << "[secrets]\nstore = \"memory\"\n"
                                  << more;
  }
  CommandLine line() const { return {.settings_file = settings_file_, .socket = socket_}; }
  void start() {
    application_ = std::make_unique<Application>(line());
    thread_ = std::thread([this] { application_->run(); });
    ASSERT_TRUE(manager_.hears("READY=1"));
  }
  void stop() {
    kill(getpid(), SIGTERM);
    EXPECT_TRUE(manager_.hears("STOPPING=1"));
    thread_.join();
    application_.reset();
  }
  void read_settings_again() {
    kill(getpid(), SIGHUP);
    ASSERT_TRUE(manager_.hears("RELOADING=1"));
    ASSERT_TRUE(manager_.hears("READY=1"));
  }
  boost::json::value call(std::string_view method, const boost::json::value& params = boost::json::object()) {
    auto client = ipc::Client::connect(socket_, 5s);
    if (!client) return nullptr;
    ipc::Response response = client->call(method, params, 5s);
    auto* result = std::get_if<boost::json::value>(&response);
    return result != nullptr ? std::move(*result) : nullptr;
  }
  std::int64_t cache() { return call("daemon.status").at("cache").to_number<std::int64_t>(); }

  PrivateHome home_;
  ServiceManager manager_{home_};
  const fs::path settings_file_ = home_.folder() / "config.toml", socket_ = home_.folder() / "socket";
  std::unique_ptr<Application> application_;
  std::thread thread_;
};

TEST_F(ApplicationTest, AnswersOnItsSocketUntilItIsToldToStop) {
  start();
  const auto status = call("daemon.status");
  ASSERT_TRUE(status.is_object());
  EXPECT_EQ(status.at("pid"), getpid());
  EXPECT_EQ(status.at("clients"), 1);
  EXPECT_EQ(fs::status(socket_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  stop();
  EXPECT_FALSE(fs::exists(socket_));
  EXPECT_TRUE(call("daemon.status").is_null());
}

TEST_F(ApplicationTest, WhatWasMadeIsThereAfterARestart) {
  start();
  ASSERT_TRUE(call("connection.add", {{"name", "Work"}, {"type", "github"}}).is_object());
  stop();
  start();
  EXPECT_EQ(call("connection.get", {{"connection", "Work"}}).at("connection").at("name"), "Work");
}

TEST_F(ApplicationTest, ReadsItsSettingsAgainWhenToldTo) {
  start();
  ASSERT_EQ(cache(), 600);
  settings("cache = \"60s\"\n");
  read_settings_again();
  EXPECT_EQ(cache(), 60);
}

TEST_F(ApplicationTest, KeepsItsSettingsWhereTheNewOnesAreWrong) {
  start();
  settings("cache = \"a while\"\n");
  read_settings_again();
  EXPECT_EQ(cache(), 600);
  settings("cache = \"60s\"\n");
  read_settings_again();
  EXPECT_EQ(cache(), 60) << "it still listens";
}

TEST_F(ApplicationTest, AnotherSecretStoreCountsFromTheNextStart) {
  start();
  std::ofstream(settings_file_) << "[secrets]\nstore = \"auto\"\ncache = \"60s\"\n";
  read_settings_again();
  EXPECT_EQ(cache(), 60);
  EXPECT_EQ(call("daemon.status").at("store"), "memory");
}

TEST_F(ApplicationTest, FeedsTheWatchdogOfTheServiceManager) {
  home_.set("WATCHDOG_USEC", "20000");
  home_.set("WATCHDOG_PID", std::to_string(getpid()));
  start();
  EXPECT_TRUE(manager_.hears("WATCHDOG=1"));
  EXPECT_TRUE(manager_.hears("WATCHDOG=1")) << "again and again";
}

TEST_F(ApplicationTest, AWrongSettingEndsTheStartBeforeTheRegistryIsTouched) {
  settings("cache = \"a while\"\n");
  EXPECT_THROW(Application{line()}, SettingsError);
  EXPECT_FALSE(fs::exists(home_.folder() / "data" / "forgelink" / "connections.db"));
}

TEST_F(ApplicationTest, ASettingsFileThatWasNamedMustExist) {
  fs::remove(settings_file_);
  EXPECT_THROW(Application{line()}, SettingsError);
}

}  // namespace
}  // namespace forgelink
