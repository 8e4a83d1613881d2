// SPDX-License-Identifier: MIT
#include "daemon/tokens/tokens.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::SizeIs;

class TokensTest : public testing::Test, public DaemonFixture {
 protected:
  std::string usable(ConnectionId id) {
    Result<SharedSecret> got = run(tokens.usable(id, Prompt::never));
    return got ? std::string((*got)->reveal()) : std::string(kind(got.error().code));
  }
};

TEST_F(TokensTest, APutTokenIsUsableAndItsItemSettled) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  EXPECT_EQ(usable(id), "ghp_token");
  EXPECT_THAT(registry->dropped_items(), IsEmpty());
}

TEST_F(TokensTest, AReplacedTokenLeavesTheKeyring) {
  const ConnectionId id = with_token(draft("Work"), "ghp_old");
  Connection changed = row(id);
  EXPECT_THAT(run(tokens.put(changed, row(id), std::make_shared<const Secret>("ghp_new"), Prompt::never)),
              Succeeds());
  EXPECT_EQ(usable(id), "ghp_new");
  EXPECT_THAT(keyring.items, SizeIs(1));
}

TEST_F(TokensTest, FaultA4ATokenThatIsPurgedDuringAPutDoesNotComeBack) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  keyring.before_put = [this, id]() -> awaitable<> {
    co_await tokens.purge({id}, "all", Tokens::IfUnwritable::keep);
  };
  Connection changed = row(id);
  changed.retention = Retention::session;
  EXPECT_THAT(run(tokens.put(changed, row(id), std::make_shared<const Secret>("ghp_token"), Prompt::never)),
              FailsWith(Errc::token_missing));
  EXPECT_EQ(row(id).token.state, TokenState::missing);
  EXPECT_THAT(keyring.items, IsEmpty());
}

TEST_F(TokensTest, FaultA5ATokenThatIsPurgedWhileItIsReadIsNotHandedOut) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  vault.wipe_cache();
  keyring.after_get = [this, id]() -> awaitable<> {
    co_await tokens.purge({id}, "all", Tokens::IfUnwritable::keep);
  };
  EXPECT_EQ(usable(id), "token_missing");
}

TEST_F(TokensTest, FaultA5ATokenThatIsReplacedWhileItIsReadIsGivenAsTheNewOne) {
  const ConnectionId id = with_token(draft("Work"), "ghp_old");
  vault.wipe_cache();
  bool replaced = false;
  keyring.after_get = [this, id, &replaced]() -> awaitable<> {
    if (std::exchange(replaced, true)) co_return;
    auto fresh = std::make_shared<const Secret>("ghp_new");
    Connection before = row(id);
    std::optional<Connection> expected = before;
    Result<> put =
        co_await tokens.put(std::move(before), std::move(expected), std::move(fresh), Prompt::never);
    EXPECT_THAT(put, Succeeds());
  };
  EXPECT_EQ(usable(id), "ghp_new");
}

TEST_F(TokensTest, FaultA3TheRowKeepsNamingAnItemThatAnotherKeyringLacks) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  vault.wipe_cache();
  auto ours = std::exchange(keyring.items, {});
  keyring.marked = false;
  EXPECT_EQ(usable(id), "keyring_unavailable");
  EXPECT_EQ(row(id).token.state, TokenState::valid);
  EXPECT_EQ(connection_view(id).token.state, "unavailable");
  EXPECT_THAT(published, Contains(EventKind::connection_updated));
  keyring.items = std::move(ours);
  keyring.marked = true;
  EXPECT_EQ(usable(id), "ghp_token");
}

TEST_F(TokensTest, ATokenThatSomebodyTookOutOfOurKeyringIsMissing) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  vault.wipe_cache();
  keyring.items.clear();
  EXPECT_EQ(usable(id), "token_missing");
  EXPECT_EQ(row(id).token.state, TokenState::missing);
}

TEST_F(TokensTest, ALockedKeyringIsNeverNoToken) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  vault.wipe_cache();
  keyring.now = StoreState::locked;
  EXPECT_EQ(usable(id), "keyring_locked");
  EXPECT_EQ(row(id).token.state, TokenState::valid);
}

TEST_F(TokensTest, ARefusalOfAnotherTokenChangesNothing) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  tokens.refused(id, ItemId::make());
  EXPECT_EQ(row(id).token.state, TokenState::valid);
  tokens.refused(id, *row(id).token.item);
  EXPECT_EQ(row(id).token.state, TokenState::rejected);
  EXPECT_EQ(usable(id), "token_rejected");
}

TEST_F(TokensTest, APurgeNamesWhoHadAToken) {
  const ConnectionId with = with_token(draft("With"), "ghp_token");
  const Connection without = draft("Without");
  ASSERT_THAT(registry->insert(without), Succeeds());
  const Tokens::Purged purged = run(tokens.purge({with, without.id}, "all", Tokens::IfUnwritable::keep));
  EXPECT_THAT(purged.ids, testing::ElementsAre(with));
  EXPECT_THAT(published, Contains(EventKind::tokens_purged));
}

TEST_F(TokensTest, WhatIsHeldInMemoryMovesToTheKeyringWhenThatTakesIt) {
  keyring.now = StoreState::locked;
  Connection wanted = draft("Work");
  wanted.token.state = TokenState::valid;
  EXPECT_THAT(run(tokens.put(wanted, std::nullopt, std::make_shared<const Secret>("pair"), Prompt::never,
                             IfStoreFails::hold)),
              Succeeds());
  EXPECT_EQ(row(wanted.id).token.store, Store::memory);
  EXPECT_TRUE(vault.holds_anything());
  keyring.now = StoreState::available;
  tokens.store_changed();
  settle();
  EXPECT_EQ(row(wanted.id).token.store, Store::secret_service);
  EXPECT_FALSE(vault.holds_anything());
  EXPECT_EQ(usable(wanted.id), "pair");
}

TEST_F(TokensTest, WhatLockedMemoryHeldIsForgottenAtTheNextStart) {
  Connection lost = draft("Lost");
  lost.token = {.state = TokenState::valid, .store = Store::memory, .item = ItemId::make()};
  ASSERT_THAT(registry->insert(lost), Succeeds());
  tokens.forget_lost_memory();
  EXPECT_EQ(row(lost.id).token.state, TokenState::missing);
}

}  // namespace
}  // namespace forgelink
