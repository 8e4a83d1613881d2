// SPDX-License-Identifier: MIT
#include "daemon/vault/secret_vault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

SharedSecret secret_of(std::string_view text) { return std::make_shared<const Secret>(text); }

class SecretVaultTest : public testing::Test, public DaemonFixture {
 protected:
  Result<SharedSecret> read(const Connection& c, Prompt prompt = Prompt::never) {
    return run(vault.read(c.token.store, *c.token.item, prompt));
  }
};

TEST_F(SecretVaultTest, FaultA3AnItemThatIsAbsentFromAnotherKeyringIsNotMissing) {
  settings.cache = std::chrono::seconds(0);
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  auto ours = std::exchange(keyring.items, {});
  keyring.marked = false;
  EXPECT_THAT(read(row(id)), FailsWith(Errc::keyring_unavailable));
  EXPECT_TRUE(vault.is_unreachable(row(id).token));
  keyring.items = std::move(ours);
  keyring.marked = true;
  EXPECT_THAT(read(row(id)), Succeeds());
  EXPECT_FALSE(vault.is_unreachable(row(id).token));
}

TEST_F(SecretVaultTest, AnItemThatIsAbsentFromOurOwnKeyringIsMissing) {
  settings.cache = std::chrono::seconds(0);
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  ASSERT_TRUE(keyring.marked);
  keyring.items.clear();
  EXPECT_THAT(read(row(id)), FailsWith(Errc::not_found));
}

TEST_F(SecretVaultTest, FaultA3TheSweepDeletesNothingThatItsRegistryHasNotDropped) {
  with_token(draft("Work"), "ghp_token");
  const ItemId strange = ItemId::make();
  run(keyring.put({.id = strange, .label = "", .connection = "", .secret = Secret("x")}, Prompt::never));
  run(vault.sweep());
  EXPECT_THAT(keyring.items, SizeIs(2));
}

TEST_F(SecretVaultTest, TheSweepTakesOutWhatAKillLeftBetweenItemAndRow) {
  const Result<SecretVault::Kept> kept =
      run(vault.keep("", "", Retention::keep, secret_of("x"), Prompt::never));
  ASSERT_THAT(kept, Succeeds());
  keyring.marked = true;
  run(vault.sweep());
  EXPECT_THAT(keyring.items, SizeIs(1)) << "its row is about to be written";
  SecretVault next(loop.executor(), settings, *registry, &keyring, memory);
  run(next.sweep());
  EXPECT_THAT(keyring.items, IsEmpty());
  EXPECT_THAT(registry->dropped_items(), IsEmpty());
}

TEST_F(SecretVaultTest, FaultF3ATokenThatIsBeingAddedOutlivesASweep) {
  const ConnectionId first = with_token(draft("First"), "ghp_first");
  keyring.before_put = [this]() -> awaitable<> { co_await vault.sweep(); };
  const ConnectionId second = with_token(draft("Second"), "ghp_second");
  run(vault.sweep());
  EXPECT_TRUE(keyring.items.contains(*row(first).token.item));
  EXPECT_TRUE(keyring.items.contains(*row(second).token.item));
}

TEST_F(SecretVaultTest, FaultF4ADeleteThatHangsOnceIsRetried) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  keyring.erases_fail = 1;
  EXPECT_THAT(run(connections.remove(id)), Succeeds());
  EXPECT_THAT(keyring.items, SizeIs(1));
  EXPECT_EQ(vault.still_to_erase(), 1u);
  settle(std::chrono::milliseconds(1100));
  EXPECT_THAT(keyring.items, IsEmpty());
  EXPECT_EQ(vault.still_to_erase(), 0u);
}

TEST_F(SecretVaultTest, ADroppedItemThatAnotherKeyringLacksIsNotTakenForDeleted) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  auto ours = std::exchange(keyring.items, {});
  keyring.marked = false;
  EXPECT_THAT(run(connections.remove(id)), Succeeds());
  keyring.items = std::move(ours);
  keyring.marked = true;
  run(vault.sweep());
  EXPECT_THAT(keyring.items, IsEmpty());
}

TEST_F(SecretVaultTest, FaultA5WhatIsErasedWhileItIsReadIsNeitherGivenNorCached) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  vault.wipe_cache();
  const TokenMetadata token = row(id).token;
  keyring.after_get = [this, id]() -> awaitable<> {
    co_await tokens.purge({id}, "all", Tokens::IfUnwritable::keep);
  };
  EXPECT_THAT(run(vault.read(token.store, *token.item, Prompt::never)), FailsWith(Errc::not_found));
  keyring.after_get = nullptr;
  EXPECT_THAT(run(vault.read(token.store, *token.item, Prompt::never)), FailsWith(Errc::not_found));
}

TEST_F(SecretVaultTest, ManyReadersAskTheKeyringOnce) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  settings.cache = std::chrono::seconds(0);
  vault.wipe_cache();
  keyring.after_get = []() -> awaitable<> { co_await sleep_for(std::chrono::milliseconds(5)); };
  int served = 0;
  const auto reader = [](SecretVault& v, TokenMetadata token, int& count) -> awaitable<> {
    Result<SharedSecret> got = co_await v.read(token.store, *token.item, Prompt::never);
    if (got) ++count;
  };
  for (int i = 0; i < 50; ++i) spawn(loop.executor(), reader(vault, row(id).token, served));
  settle();
  EXPECT_EQ(served, 50);
  EXPECT_EQ(keyring.gets, 1);
}

TEST_F(SecretVaultTest, WhatTheKeyringDoesNotTakeIsHeldInMemoryIfItMayNotBeLost) {
  keyring.now = StoreState::locked;
  EXPECT_THAT(run(vault.keep("", "", Retention::keep, secret_of("x"), Prompt::never)),
              FailsWith(Errc::keyring_locked));
  const Result<SecretVault::Kept> kept =
      run(vault.keep("", "", Retention::keep, secret_of("x"), Prompt::never, IfStoreFails::hold));
  ASSERT_THAT(kept, Succeeds());
  EXPECT_EQ(kept->store, Store::memory);
  EXPECT_TRUE(vault.is_held(kept->item));
}

TEST_F(SecretVaultTest, AWriteCheckLeavesNothingBehind) {
  keyring.marked = true;
  EXPECT_THAT(run(vault.check_writable(Retention::keep)), Succeeds());
  EXPECT_THAT(keyring.items, IsEmpty());
  EXPECT_THAT(registry->dropped_items(), IsEmpty());
  keyring.puts_fail = true;
  EXPECT_THAT(run(vault.check_writable(Retention::keep)), FailsWith(Errc::keyring_unavailable));
}

TEST_F(SecretVaultTest, AKeyringOfARegistryFromBeforeMarkersIsKnownByAnyOfItsItems) {
  const ConnectionId id = with_token(draft("Kept"), "a");
  const ConnectionId lost = with_token(draft("Lost"), "b");
  keyring.items.erase(*row(lost).token.item);
  keyring.marked = false;
  ASSERT_THAT(registry->set_metadata("keyring_marked", "1"), Succeeds());
  run(vault.sweep());
  EXPECT_FALSE(keyring.marked) << "the marker has gone, and not all items are there";
  EXPECT_TRUE(vault.is_unreachable(row(lost).token));
  EXPECT_FALSE(vault.is_unreachable(row(id).token));
}

}  // namespace
}  // namespace forgelink
