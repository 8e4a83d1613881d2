// SPDX-License-Identifier: MIT
#include "daemon/login_session/login_sessions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/fakes/fake_logind.hpp"
#include "tests/support/private_bus.hpp"

namespace forgelink {
namespace {

using Ids = std::set<std::string>;
using testing::ElementsAre;

class LoginSessionsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!PrivateBus::possible()) GTEST_SKIP() << "dbus-daemon is not installed";
    bus_ = std::make_unique<PrivateBus>();
    logind_ = std::make_unique<FakeLogind>(loop_.get_executor());
  }
  ~LoginSessionsTest() override {
    sessions_.stop();
    loop_.poll();
  }

  FakeLogind::Session own(const char* id, const char* session_class = "user", const char* state = "active") {
    return {.id = id, .user = getuid(), .session_class = session_class, .state = state};
  }
  // Runs the loop until there were so many looks; false if there never were.
  bool looks(std::size_t count) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    loop_.restart();
    while (seen_.size() < count && std::chrono::steady_clock::now() < end) {
      if (loop_.run_one_for(Milliseconds(20)) == 0) loop_.restart();
    }
    return seen_.size() >= count;
  }

  std::unique_ptr<PrivateBus> bus_;
  asio::io_context loop_{1};
  std::unique_ptr<FakeLogind> logind_;
  std::vector<Ids> seen_;
  LoginSessions sessions_{loop_.get_executor(), [this](Ids ids) { seen_.push_back(std::move(ids)); }};
};

TEST_F(LoginSessionsTest, OnlyTheUsersOwnSessionsWithAPersonInThemCount) {
  logind_->sessions = {own("1"),
                       own("2", "manager"),
                       own("3", "user", "closing"),
                       own("4", "user-early"),
                       own("5", "background"),
                       {.id = "6", .user = getuid() + 1}};
  sessions_.start();
  ASSERT_TRUE(looks(1));
  EXPECT_THAT(seen_.back(), ElementsAre("1", "4"));
}

TEST_F(LoginSessionsTest, WithoutASessionNoneCounts) {
  sessions_.start();
  ASSERT_TRUE(looks(1));
  EXPECT_TRUE(seen_.back().empty());
}

TEST_F(LoginSessionsTest, ASignalLeadsToAnotherLook) {
  logind_->sessions = {own("1")};
  sessions_.start();
  ASSERT_TRUE(looks(1));
  logind_->sessions.clear();
  logind_->tell("SessionRemoved", own("1"));
  ASSERT_TRUE(looks(2));
  EXPECT_TRUE(seen_.back().empty());
}

TEST_F(LoginSessionsTest, LogindsOwnComingIsNoticed) {
  logind_.reset();
  sessions_.start();
  loop_.run_for(Milliseconds(20));
  EXPECT_TRUE(seen_.empty()) << "without logind nothing is known, not that nobody is there";
  logind_ = std::make_unique<FakeLogind>(loop_.get_executor());
  logind_->sessions = {own("1")};
  ASSERT_TRUE(looks(1));
  EXPECT_THAT(seen_.back(), ElementsAre("1"));
}

TEST_F(LoginSessionsTest, ABusThatGoesAwayIsNoEndOfASession) {
  logind_->sessions = {own("1")};
  sessions_.start();
  ASSERT_TRUE(looks(1));
  bus_->stop();
  loop_.run_for(Milliseconds(20));
  EXPECT_EQ(seen_.size(), 1u);
}

struct Counting {
  const char *session_class, *state;
  bool counts;
};

class CountingSessions : public testing::TestWithParam<Counting> {};

TEST_P(CountingSessions, HoldAPerson) {
  EXPECT_EQ(counts_as_session(GetParam().session_class, GetParam().state), GetParam().counts);
}

INSTANTIATE_TEST_SUITE_P(All, CountingSessions,
                         testing::Values(Counting{"user", "active", true}, Counting{"user", "online", true},
                                         Counting{"user-light", "active", true},
                                         Counting{"user", "closing", false},
                                         Counting{"manager", "active", false},
                                         Counting{"greeter", "active", false}, Counting{"", "", false}));

}  // namespace
}  // namespace forgelink
