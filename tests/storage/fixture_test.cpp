// SPDX-License-Identifier: MIT
// Registries that earlier versions wrote open with nothing lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "storage/registry.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;

// A copy: opening migrates it.
class FixtureTest : public testing::Test {
 protected:
  FixtureTest() {
    std::string pattern = (fs::temp_directory_path() / "fl-fixture-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    fs::create_directories(root_ / "forgelink");
    const fs::path source = fs::path(__FILE__).parent_path() / "fixtures" / "connections-0.1.0.db";
    fs::copy_file(source, root_ / "forgelink" / "connections.db");
    registry_ = std::make_unique<Registry>(root_ / "forgelink");
  }
  ~FixtureTest() override { fs::remove_all(root_); }

  const Connection& row(std::string_view name) const { return *registry_->find_by_name(name); }

  fs::path root_;
  std::unique_ptr<Registry> registry_;
};

TEST_F(FixtureTest, KeepsEveryConnectionAndItsToken) {
  EXPECT_EQ(registry_->size(), 6u);
  EXPECT_EQ(registry_->items_in_keyring().size(), 7u);
  for (const char* name : {"Work", "Signed in", "Lab", "Bücket", "Boards"})
    EXPECT_TRUE(row(name).token.item.has_value()) << name;
  EXPECT_FALSE(row("Empty").token.item.has_value());
}

TEST_F(FixtureTest, SaysOauthWhereItSaidGithub) {
  EXPECT_EQ(row("Signed in").sign_in, SignIn::oauth);
  EXPECT_EQ(row("Work").sign_in, SignIn::pat);
}

TEST_F(FixtureTest, KeepsWhatIsKnownOfTokensAndAccounts) {
  EXPECT_EQ(row("Work").token.scopes,
            (std::vector<std::string>{"repo", "workflow", "read:user", "user:email"}));
  EXPECT_EQ(row("Work").account->login, "octo-dev");
  EXPECT_TRUE(row("Signed in").token.expires_at.has_value());
  EXPECT_TRUE(row("Bücket").token.expiry_typed);
  EXPECT_EQ(row("Bücket").retention, Retention::session);
  EXPECT_TRUE(row("Empty").allow_http);
}

TEST_F(FixtureTest, KeepsUsesHostsAndApps) {
  EXPECT_EQ(row("Lab").repositories_used, 2);
  registry_->note_use(row("Lab").id, "octo-dev/hello", row("Lab").created_at);
  EXPECT_EQ(row("Lab").repositories_used, 2) << "counted once already";
  ASSERT_EQ(registry_->stored_credentials().size(), 1u);
  EXPECT_EQ(registry_->stored_credentials()[0].host, "git.other.example");
  EXPECT_EQ(registry_->id(), "01a21588-2663-7ec7-a1e0-a380be1a4740");
  EXPECT_TRUE(registry_->metadata("session").has_value());
}

TEST_F(FixtureTest, NothingOfItCountsAsDropped) { EXPECT_TRUE(registry_->dropped_items().empty()); }

}  // namespace
}  // namespace forgelink
