// SPDX-License-Identifier: MIT
#include "daemon/access/token_lock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"
#include "tests/support/private_home.hpp"

namespace forgelink {
namespace {

using By = TokenLock::By;

class TokenLockTest : public testing::Test, public DaemonFixture {
 protected:
  PrivateHome home_;
  TokenLock lock_{vault, *registry, events};
};

TEST_F(TokenLockTest, ALockKeepsTokensInAndIsTold) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  ASSERT_THAT(lock_.lock(By::person), Succeeds());
  EXPECT_TRUE(lock_.locked());
  EXPECT_THAT(run(tokens.usable(id, Prompt::never)), FailsWith(Errc::locked));
  ASSERT_THAT(lock_.unlock(By::person), Succeeds());
  EXPECT_THAT(run(tokens.usable(id, Prompt::never)), Succeeds());
  EXPECT_THAT(published, testing::ElementsAre(EventKind::daemon_locked, EventKind::daemon_unlocked));
}

TEST_F(TokenLockTest, ALockWithinALockIsToldOnce) {
  ASSERT_THAT(lock_.lock(By::screen), Succeeds());
  ASSERT_THAT(lock_.lock(By::person), Succeeds());
  ASSERT_THAT(lock_.lock(By::person), Succeeds());
  EXPECT_THAT(published, testing::ElementsAre(EventKind::daemon_locked));
}

TEST_F(TokenLockTest, AScreenTakesBackOnlyWhatAScreenDid) {
  ASSERT_THAT(lock_.lock(By::person), Succeeds());
  ASSERT_THAT(lock_.lock(By::screen), Succeeds());
  ASSERT_THAT(lock_.unlock(By::screen), Succeeds());
  EXPECT_TRUE(lock_.locked());
  ASSERT_THAT(lock_.unlock(By::person), Succeeds());
  ASSERT_THAT(lock_.lock(By::screen), Succeeds());
  ASSERT_THAT(lock_.unlock(By::screen), Succeeds());
  EXPECT_FALSE(lock_.locked());
}

TEST_F(TokenLockTest, APersonTakesOverTheLockOfTheScreen) {
  ASSERT_THAT(lock_.lock(By::screen), Succeeds());
  ASSERT_THAT(lock_.lock(By::person), Succeeds());
  ASSERT_THAT(lock_.unlock(By::screen), Succeeds());
  EXPECT_TRUE(lock_.locked());
}

TEST_F(TokenLockTest, TheNextDaemonOfTheSessionIsLockedAgain) {
  ASSERT_THAT(lock_.lock(By::person), Succeeds());
  SecretVault vault_of_next(loop.executor(), settings, *registry, &keyring, memory);
  TokenLock next(vault_of_next, *registry, events);
  next.restore();
  EXPECT_TRUE(next.locked());
  ASSERT_THAT(next.unlock(By::screen), Succeeds());
  EXPECT_TRUE(next.locked()) << "a person locked it";
}

TEST_F(TokenLockTest, AnUnlockedOneStaysOpenOverARestart) {
  ASSERT_THAT(lock_.lock(By::person), Succeeds());
  ASSERT_THAT(lock_.unlock(By::person), Succeeds());
  SecretVault vault_of_next(loop.executor(), settings, *registry, &keyring, memory);
  TokenLock next(vault_of_next, *registry, events);
  next.restore();
  EXPECT_FALSE(next.locked());
}

TEST_F(TokenLockTest, TheLockEndsWithTheLoginSession) {
  ASSERT_THAT(registry->set_metadata("locked", "person another-boot\n\n1:1:1:1.1"), Succeeds());
  lock_.restore();
  EXPECT_FALSE(lock_.locked());
}

}  // namespace
}  // namespace forgelink
