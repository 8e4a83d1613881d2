// SPDX-License-Identifier: MIT
// One contract for every secret store: the fake of the unit tests, locked memory, and a real gnome-keyring.
#include "storage/secret_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/memory_secret_store.hpp"
#include "storage/secret_service_store.hpp"
#include "tests/fakes/fake_secret_store.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/private_keyring.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

class SecretStoreTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "fake") store_ = std::make_unique<FakeSecretStore>();
    if (GetParam() == "memory") store_ = std::make_unique<MemorySecretStore>();
    if (GetParam() != "keyring") return;
    if (!PrivateKeyring::possible()) GTEST_SKIP() << "gnome-keyring or dbus-daemon is not installed";
    static PrivateKeyring keyring;
    auto service = std::make_unique<SecretServiceStore>(loop_.executor(), "registry-of-the-test");
    auto start = [](SecretServiceStore& s) -> awaitable<Result<StoreState>> { co_return co_await s.start(); };
    ASSERT_THAT(loop_.run(start(*service)), Succeeds());
    ASSERT_EQ(service->state(), StoreState::available) << service->trouble();
    store_ = std::move(service);
  }

  SecretStore::NewItem item(ItemId id, std::string_view text, Retention retention = Retention::keep) {
    return {.id = id,
            .retention = retention,
            .label = "Forgelink: test",
            .connection = "",
            .secret = Secret(text)};
  }

  Loop loop_;
  std::unique_ptr<SecretStore> store_;
};

TEST_P(SecretStoreTest, GivesBackWhatWasPutToTheByte) {
  for (const std::string& text : {std::string("ghp_token"), std::string("two\nlines"),
                                  std::string(10'000, 'x'), std::string("ünïcödé")}) {
    const ItemId id = ItemId::make();
    ASSERT_THAT(loop_.run(store_->put(item(id, text), Prompt::never)), Succeeds());
    Result<Secret> got = loop_.run(store_->get(id, Prompt::never));
    ASSERT_THAT(got, Succeeds());
    EXPECT_EQ(got->reveal(), text);
    EXPECT_THAT(loop_.run(store_->erase(id, Prompt::never)), Succeeds());
  }
}

TEST_P(SecretStoreTest, WhatIsNotThereIsNotFoundAndErasedAllTheSame) {
  const ItemId id = ItemId::make();
  EXPECT_THAT(loop_.run(store_->get(id, Prompt::never)), FailsWith(Errc::not_found));
  Result<bool> erased = loop_.run(store_->erase(id, Prompt::never));
  ASSERT_THAT(erased, Succeeds());
  EXPECT_FALSE(*erased);
}

TEST_P(SecretStoreTest, ErasingSaysThatTheItemWasThere) {
  const ItemId id = ItemId::make();
  ASSERT_THAT(loop_.run(store_->put(item(id, "x"), Prompt::never)), Succeeds());
  Result<bool> erased = loop_.run(store_->erase(id, Prompt::never));
  ASSERT_THAT(erased, Succeeds());
  EXPECT_TRUE(*erased);
}

TEST_P(SecretStoreTest, AMarkedStoreIsKnownAndTheMarkerIsNoItem) {
  ASSERT_THAT(loop_.run(store_->mark()), Succeeds());
  Result<bool> marked = loop_.run(store_->is_marked());
  ASSERT_THAT(marked, Succeeds());
  EXPECT_TRUE(*marked);
  EXPECT_THAT(*loop_.run(store_->list()), testing::IsEmpty());
}

TEST_P(SecretStoreTest, ListsItsItemsOfBothRetentions) {
  const ItemId keep = ItemId::make(), session = ItemId::make();
  ASSERT_THAT(loop_.run(store_->put(item(keep, "k"), Prompt::never)), Succeeds());
  ASSERT_THAT(loop_.run(store_->put(item(session, "s", Retention::session), Prompt::never)), Succeeds());
  EXPECT_THAT(*loop_.run(store_->list()), testing::UnorderedElementsAre(keep, session));
  ASSERT_THAT(loop_.run(store_->erase(keep, Prompt::never)), Succeeds());
  EXPECT_THAT(*loop_.run(store_->list()), testing::ElementsAre(session));
  EXPECT_THAT(loop_.run(store_->get(keep, Prompt::never)), FailsWith(Errc::not_found));
  ASSERT_THAT(loop_.run(store_->erase(session, Prompt::never)), Succeeds());
}

INSTANTIATE_TEST_SUITE_P(All, SecretStoreTest, testing::Values("fake", "memory", "keyring"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace forgelink
