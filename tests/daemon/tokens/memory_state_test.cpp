// SPDX-License-Identifier: MIT
#include "daemon/tokens/memory_state.hpp"

#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink {
namespace {

// Two daemons, one after the other, on the same registry.
class MemoryStateTest : public testing::Test, public DaemonFixture {
 protected:
  void restart() {
    MemoryImage image;
    save_tokens(memory, vault, tokens.renewal(), image);
    next_memory_ = std::make_unique<MemorySecretStore>();
    next_vault_ =
        std::make_unique<SecretVault>(loop.executor(), settings, *registry, &keyring, *next_memory_);
    next_ = std::make_unique<Tokens>(loop.executor(), *registry, *next_vault_, events, locks, clock);
    run(restore_tokens(image, *registry, *next_memory_, *next_vault_, next_->renewal()));
    next_->forget_lost_memory();
  }
  std::string usable(ConnectionId id) {
    Result<SharedSecret> got = run(next_->usable(id, Prompt::never));
    return got ? std::string((*got)->reveal()) : std::string(kind(got.error().code));
  }

  std::unique_ptr<MemorySecretStore> next_memory_;
  std::unique_ptr<SecretVault> next_vault_;
  std::unique_ptr<Tokens> next_;
};

TEST_F(MemoryStateTest, ATokenInLockedMemorySurvives) {
  keyring.is_absent = true;
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  ASSERT_EQ(row(id).token.store, Store::memory);
  restart();
  EXPECT_EQ(usable(id), "ghp_token");
}

TEST_F(MemoryStateTest, APurgedTokenDoesNot) {
  keyring.is_absent = true;
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  run(tokens.purge({id}, "all", Tokens::IfUnwritable::keep));
  restart();
  EXPECT_EQ(usable(id), "token_missing");
  EXPECT_EQ(next_memory_->size(), 0u);
}

TEST_F(MemoryStateTest, AnItemThatNoRowNamesIsNotTakenOver) {
  run(memory.put({.id = ItemId::make(), .label = "", .connection = "", .secret = Secret("x")},
                 Prompt::never));
  restart();
  EXPECT_EQ(next_memory_->size(), 0u);
}

TEST_F(MemoryStateTest, AHeldTokenIsStillHeldForTheKeyring) {
  keyring.now = StoreState::locked;
  const Connection wanted = draft("Work");
  EXPECT_THAT(run(tokens.put(wanted, std::nullopt, std::make_shared<const Secret>("pair"), Prompt::never,
                             IfStoreFails::hold)),
              Succeeds());
  restart();
  EXPECT_TRUE(next_vault_->is_held(*row(wanted.id).token.item));
  keyring.now = StoreState::available;
  next_->store_changed();
  settle();
  EXPECT_EQ(row(wanted.id).token.store, Store::secret_service);
}

TEST_F(MemoryStateTest, APairThatTheRegistryDidNotTakeSurvives) {
  Connection signed_in = draft("Work");
  signed_in.sign_in = SignIn::oauth;
  signed_in.token.expires_at = clock.now() + std::chrono::minutes(1);
  const ConnectionId id = with_token(std::move(signed_in), "old\nrefresh-1");
  tokens.renewal().restore(id, {.stored = std::make_shared<const Secret>("new\nrefresh-2"),
                                .expires_at = clock.now() + std::chrono::hours(8),
                                .replaces = *row(id).token.item});
  restart();
  EXPECT_EQ(usable(id), "new");
}

}  // namespace
}  // namespace forgelink
