// SPDX-License-Identifier: MIT
// Which items of the keyring the registry has dropped, and the compare-and-swap of a token's row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "storage/registry.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

Connection with_item(const std::string& name, Store store = Store::secret_service) {
  Connection c{.id = ConnectionId::make(), .name = name, .type = "github"};
  c.created_at = c.updated_at = *parse_time("2026-11-24T12:00:00Z");
  c.token.state = TokenState::valid;
  c.token.store = store;
  c.token.item = ItemId::make();
  return c;
}

class RegistryItemsTest : public testing::Test {
 protected:
  std::unique_ptr<Registry> registry_ = Registry::in_memory();
};

TEST_F(RegistryItemsTest, AnAnnouncedItemCountsAsDroppedUntilARowNamesIt) {
  const Connection row = with_item("Work");
  ASSERT_THAT(registry_->announce_item(*row.token.item), Succeeds());
  EXPECT_TRUE(registry_->is_dropped(*row.token.item));
  ASSERT_THAT(registry_->insert(row), Succeeds());
  EXPECT_THAT(registry_->dropped_items(), IsEmpty());
}

TEST_F(RegistryItemsTest, AReplacedItemIsDropped) {
  Connection row = with_item("Work");
  const ItemId old = *row.token.item;
  ASSERT_THAT(registry_->insert(row), Succeeds());
  row.token.item = ItemId::make();
  ASSERT_THAT(registry_->update(row), Succeeds());
  EXPECT_THAT(registry_->dropped_items(), ElementsAre(old));
}

TEST_F(RegistryItemsTest, TheItemOfARemovedConnectionIsDropped) {
  const Connection row = with_item("Work");
  ASSERT_THAT(registry_->insert(row), Succeeds());
  ASSERT_THAT(registry_->remove(row.id), Succeeds());
  EXPECT_THAT(registry_->dropped_items(), ElementsAre(*row.token.item));
  ASSERT_THAT(registry_->forget_item(*row.token.item), Succeeds());
  EXPECT_THAT(registry_->dropped_items(), IsEmpty());
}

TEST_F(RegistryItemsTest, WhatLockedMemoryHeldNeedsNoRecord) {
  const Connection row = with_item("Work", Store::memory);
  ASSERT_THAT(registry_->insert(row), Succeeds());
  ASSERT_THAT(registry_->remove(row.id), Succeeds());
  EXPECT_THAT(registry_->dropped_items(), IsEmpty());
}

TEST_F(RegistryItemsTest, AForgottenAndAReplacedStoredCredentialAreDropped) {
  StoredCredential first{
      .protocol = "https", .host = "h", .store = Store::secret_service, .item = ItemId::make()};
  StoredCredential second = first;
  second.item = ItemId::make();
  ASSERT_THAT(registry_->remember(first), Succeeds());
  ASSERT_THAT(registry_->remember(second, {first.item}), Succeeds());
  EXPECT_THAT(registry_->dropped_items(), ElementsAre(first.item));
  ASSERT_THAT(registry_->forget_credential(second.item), Succeeds());
  EXPECT_THAT(registry_->dropped_items(), testing::UnorderedElementsAre(first.item, second.item));
}

TEST_F(RegistryItemsTest, TheReplacedSecretOfAnOauthAppIsDropped) {
  OAuthApp app{.type = "github", .client_id = "a", .store = Store::secret_service, .item = ItemId::make()};
  const ItemId old = *app.item;
  ASSERT_THAT(registry_->set_oauth_app(app), Succeeds());
  app.item = ItemId::make();
  ASSERT_THAT(registry_->set_oauth_app(app), Succeeds());
  EXPECT_THAT(registry_->dropped_items(), ElementsAre(old));
}

TEST_F(RegistryItemsTest, ItemsInTheKeyringAreToldApartFromThoseInMemory) {
  const Connection in_keyring = with_item("a"), in_memory = with_item("b", Store::memory);
  ASSERT_THAT(registry_->insert(in_keyring), Succeeds());
  ASSERT_THAT(registry_->insert(in_memory), Succeeds());
  EXPECT_THAT(registry_->items_in_keyring(), ElementsAre(*in_keyring.token.item));
}

TEST_F(RegistryItemsTest, ASwapFailsIfTheTokenWasPurgedMeanwhile) {
  const Connection before = with_item("Work");
  ASSERT_THAT(registry_->insert(before), Succeeds());
  Connection purged = before;
  purged.token = {};
  ASSERT_THAT(registry_->update(purged), Succeeds());
  EXPECT_THAT(registry_->compare_and_swap(before, before), FailsWith(Errc::token_missing));
  EXPECT_EQ(registry_->find(before.id)->token.item, std::nullopt);
}

TEST_F(RegistryItemsTest, ASwapFailsIfTheTokenWasReplacedMeanwhile) {
  const Connection before = with_item("Work");
  ASSERT_THAT(registry_->insert(before), Succeeds());
  Connection other = before;
  other.token.item = ItemId::make();
  ASSERT_THAT(registry_->update(other), Succeeds());
  EXPECT_THAT(registry_->compare_and_swap(before, before), FailsWith(Errc::token_missing));
  EXPECT_EQ(registry_->find(before.id)->token.item, other.token.item);
}

TEST_F(RegistryItemsTest, ASwapOfARemovedConnectionIsNotFound) {
  const Connection before = with_item("Work");
  EXPECT_THAT(registry_->compare_and_swap(before, before), FailsWith(Errc::not_found));
}

TEST_F(RegistryItemsTest, ASwapKeepsUsesAndARefusalThatCameMeanwhile) {
  const Connection before = with_item("Work");
  ASSERT_THAT(registry_->insert(before), Succeeds());
  registry_->note_use(before.id, "o/r", before.created_at);
  Connection refused = *registry_->find(before.id);
  refused.token.state = TokenState::rejected;
  ASSERT_THAT(registry_->update(refused), Succeeds());
  Connection renamed = before;
  renamed.name = "Other";
  ASSERT_THAT(registry_->compare_and_swap(before, renamed), Succeeds());
  const Connection* now = registry_->find(before.id);
  EXPECT_EQ(now->name, "Other");
  EXPECT_EQ(now->repositories_used, 1);
  EXPECT_EQ(now->token.state, TokenState::rejected);
}

class RegistryPathTest : public testing::TestWithParam<std::string> {};

TEST_P(RegistryPathTest, ARegistryOpensAgainWhateverItsPathHolds) {
  std::string pattern = (fs::temp_directory_path() / "fl-path-XXXXXX").string();
  const fs::path root = mkdtemp(pattern.data());
  const fs::path folder = root / GetParam() / "forgelink";
  const Connection row = with_item("Work");
  {
    Registry registry(folder);
    ASSERT_THAT(registry.insert(row), Succeeds());
    ASSERT_THAT(registry.announce_item(ItemId::make()), Succeeds());
  }
  {
    Registry again(folder);
    EXPECT_NE(again.find(row.id), nullptr);
    EXPECT_EQ(again.dropped_items().size(), 1u);
  }
  fs::remove_all(root);
}

INSTANTIATE_TEST_SUITE_P(Paths, RegistryPathTest, testing::Values("a#b", "a?b", "a%41", "a b", "%", "plain"));

}  // namespace
}  // namespace forgelink
