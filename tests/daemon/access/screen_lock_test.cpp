// SPDX-License-Identifier: MIT
#include "daemon/access/screen_lock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/daemon/daemon_fixture.hpp"
#include "tests/fakes/fake_logind.hpp"
#include "tests/support/private_bus.hpp"

namespace forgelink {
namespace {

class ScreenLockTest : public testing::Test, public DaemonFixture {
 protected:
  void SetUp() override {
    if (!PrivateBus::possible()) GTEST_SKIP() << "dbus-daemon is not installed";
    bus_ = std::make_unique<PrivateBus>();
    logind_ = std::make_unique<FakeLogind>(loop.executor());
    logind_->sessions = {own_, strange_};
    settings.lock_with_screen = true;
    screen_ = std::make_unique<ScreenLock>(loop.executor(), lock_, settings);
    screen_->settings_changed();
    ASSERT_TRUE(until([this] { return logind_->listed > 0; }));
  }

  template <class Done>
  bool until(Done done, std::chrono::steady_clock::duration limit = std::chrono::seconds(5)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    loop.context().restart();
    while (!done() && std::chrono::steady_clock::now() < end) {
      if (loop.context().run_one_for(Milliseconds(5)) == 0) loop.context().restart();
    }
    return done();
  }

  // Tells it until it is noticed: which sessions are the user's own may still be on its way.
  bool follows(const char* member, const FakeLogind::Session& session, bool locked) {
    return until([&] {
      if (lock_.locked() != locked) logind_->tell_session(member, session);
      loop.context().run_for(Milliseconds(2));
      return lock_.locked() == locked;
    });
  }

  const FakeLogind::Session own_{.id = "1", .user = getuid()}, strange_{.id = "2", .user = getuid() + 1};
  std::unique_ptr<PrivateBus> bus_;
  std::unique_ptr<FakeLogind> logind_;
  TokenLock lock_{vault, *registry, events};
  std::unique_ptr<ScreenLock> screen_;
};

TEST_F(ScreenLockTest, TheDaemonLocksAndUnlocksWithTheScreen) {
  EXPECT_TRUE(follows("Lock", own_, true));
  EXPECT_TRUE(follows("Unlock", own_, false));
}

TEST_F(ScreenLockTest, TheScreenOfAnotherUserDoesNothing) {
  ASSERT_TRUE(follows("Lock", own_, true));
  ASSERT_TRUE(follows("Unlock", own_, false));
  logind_->tell_session("Lock", strange_);
  EXPECT_FALSE(until([this] { return lock_.locked(); }, Milliseconds(30)));
}

TEST_F(ScreenLockTest, AScreenDoesNotOpenWhatAPersonLocked) {
  ASSERT_TRUE(follows("Lock", own_, true));
  ASSERT_THAT(lock_.lock(TokenLock::By::person), Succeeds());
  logind_->tell_session("Unlock", own_);
  EXPECT_FALSE(until([this] { return !lock_.locked(); }, Milliseconds(30)));
}

TEST_F(ScreenLockTest, ASessionThatBeganLaterCountsAsWell) {
  const FakeLogind::Session later{.id = "3", .user = getuid()};
  logind_->sessions.push_back(later);
  logind_->tell("SessionNew", later);
  EXPECT_TRUE(follows("Lock", later, true));
}

TEST_F(ScreenLockTest, WithoutTheSettingNobodyListens) {
  ASSERT_TRUE(follows("Lock", own_, true));
  ASSERT_TRUE(follows("Unlock", own_, false));
  settings.lock_with_screen = false;
  screen_->settings_changed();
  logind_->tell_session("Lock", own_);
  EXPECT_FALSE(until([this] { return lock_.locked(); }, Milliseconds(30)));
}

}  // namespace
}  // namespace forgelink
