// SPDX-License-Identifier: MIT
#include "storage/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "storage/name_key.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;

Connection connection(const std::string& name, const std::string& type = "github") {
  Connection c{.id = ConnectionId::make(), .name = name, .type = type};
  c.created_at = c.updated_at = *parse_time("2026-11-24T12:00:00Z");
  return c;
}

Connection full(const std::string& name) {
  Connection c = connection(name, "bitbucket");
  c.username = "octo";
  c.email = "a@b";
  c.server_url = "https://x";
  c.organization = "o";
  c.sign_in = SignIn::oauth;
  c.retention = Retention::session;
  c.allow_http = true;
  c.token = {.state = TokenState::valid,
             .store = Store::secret_service,
             .item = ItemId::make(),
             .expires_at = c.created_at,
             .scopes = std::vector<std::string>{"a", "b"},
             .missing_scopes = {"c"},
             .excess_scopes = {"d"},
             .stored_at = c.created_at,
             .expiry_typed = true,
             .notices_given = {14, 7}};
  c.account = Account{.id = "{1}", .login = "l", .display_name = "d", .email = "e"};
  c.hint = "h";
  c.verified_at = c.last_used_at = c.created_at;
  return c;
}

class RegistryTest : public testing::Test {
 protected:
  RegistryTest() {
    std::string pattern = (fs::temp_directory_path() / "fl-registry-XXXXXX").string();
    folder_ = fs::path(mkdtemp(pattern.data())) / "forgelink";
  }
  ~RegistryTest() override { fs::remove_all(folder_.parent_path()); }
  fs::path folder_;
};

TEST_F(RegistryTest, EveryFactSurvivesARestart) {
  const Connection plain = connection("Plain"), rich = full("Rich");
  std::string id;
  {
    Registry registry(folder_);
    id = registry.id();
    ASSERT_THAT(registry.insert(plain), Succeeds());
    ASSERT_THAT(registry.insert(rich), Succeeds());
    ASSERT_THAT(registry.set_metadata("k", "v"), Succeeds());
    registry.note_use(plain.id, "a/b", plain.created_at);
    registry.note_use(plain.id, "a/b", plain.created_at);
    registry.note_use(plain.id, "a/c", plain.created_at);
    ASSERT_THAT(registry.flush_uses(), Succeeds());
  }
  Registry again(folder_);
  EXPECT_EQ(again.id(), id);
  EXPECT_EQ(*again.find(rich.id), rich);
  EXPECT_EQ(again.find(plain.id)->repositories_used, 2);
  again.note_use(plain.id, "a/b", plain.created_at);
  EXPECT_EQ(again.find(plain.id)->repositories_used, 2);
  EXPECT_EQ(again.metadata("k"), "v");
  EXPECT_THAT(again.items_in_use(), testing::ElementsAre(*rich.token.item));
}

TEST_F(RegistryTest, NamesAreUniqueWithoutRegardToCase) {
  const auto registry = Registry::in_memory();
  const Connection work = connection("Work");
  ASSERT_THAT(registry->insert(work), Succeeds());
  EXPECT_THAT(registry->insert(connection("WORK")), FailsWith(Errc::name_taken));
  Connection other = connection("Other");
  ASSERT_THAT(registry->insert(other), Succeeds());
  other.name = "work";
  EXPECT_THAT(registry->update(other), FailsWith(Errc::name_taken));
  EXPECT_EQ(registry->find_by_name("wOrK")->id, work.id);
  Connection renamed = work;
  renamed.name = "WORK!";
  ASSERT_THAT(registry->update(renamed), Succeeds());
  EXPECT_EQ(registry->find_by_name("work"), nullptr);
}

TEST_F(RegistryTest, PagesGoByNameAndCountByType) {
  const auto registry = Registry::in_memory();
  for (const char* name : {"delta", "Alpha", "charlie", "Bravo"})
    ASSERT_THAT(registry->insert(connection(name)), Succeeds());
  ASSERT_THAT(registry->insert(connection("lab", "gitlab")), Succeeds());
  std::vector<std::string> names;
  std::string after;
  while (true) {
    const auto page = registry->page(after, 2, "");
    if (page.empty()) break;
    for (const Connection* c : page) names.push_back(c->name);
    after = name_key(page.back()->name);
  }
  EXPECT_THAT(names, testing::ElementsAre("Alpha", "Bravo", "charlie", "delta", "lab"));
  EXPECT_EQ(registry->page("", 10, "gitlab").size(), 1u);
  EXPECT_EQ(registry->count("github"), 4u);
  EXPECT_EQ(registry->count("bitbucket"), 0u);
}

TEST_F(RegistryTest, WhatIsRemovedIsGoneWithItsUses) {
  const auto registry = Registry::in_memory();
  const Connection work = connection("Work");
  ASSERT_THAT(registry->insert(work), Succeeds());
  registry->note_use(work.id, "a/b", work.created_at);
  ASSERT_THAT(registry->flush_uses(), Succeeds());
  ASSERT_THAT(registry->remove(work.id), Succeeds());
  EXPECT_THAT(registry->remove(work.id), FailsWith(Errc::not_found));
  EXPECT_THAT(registry->update(work), FailsWith(Errc::not_found));
  EXPECT_EQ(registry->size(), 0u);
}

TEST_F(RegistryTest, ASecondProcessIsToldWhichHoldsIt) {
  Registry registry(folder_);
  const std::string holder = std::to_string(getpid());
  const pid_t child = fork();
  if (child == 0) {
    try {
      Registry second(folder_);
      _exit(1);
    } catch (const Registry::OpenFailed& failed) {
      _exit(std::string(failed.what()).find(holder) != std::string::npos ? 0 : 2);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(RegistryTest, WhatIsNoRegistryIsNotTouched) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "connections.db")
      << "this is not a database, but long enough to be looked at as if it were one; and so on and on and on";
  EXPECT_THROW(Registry{folder_}, Registry::OpenFailed);
  EXPECT_FALSE(fs::exists(folder_ / "connections.db-wal"));
}

TEST_F(RegistryTest, RememberedHostsAndAppsAreKept) {
  const StoredCredential host{.protocol = "https",
                              .host = "h",
                              .path = "p",
                              .username = "u",
                              .authtype = "",
                              .store = Store::secret_service,
                              .item = ItemId::make()};
  const OAuthApp app{
      .type = "github", .server_url = "", .client_id = "id", .store = Store::memory, .item = ItemId::make()};
  {
    Registry registry(folder_);
    ASSERT_THAT(registry.remember(host), Succeeds());
    ASSERT_THAT(registry.set_oauth_app(app), Succeeds());
  }
  Registry again(folder_);
  ASSERT_EQ(again.stored_credentials().size(), 1u);
  EXPECT_EQ(again.stored_credentials()[0].item, host.item);
  EXPECT_EQ(again.oauth_app("github", "")->client_id, "id");
  EXPECT_THAT(again.items_in_use(), testing::UnorderedElementsAre(host.item, *app.item));
  StoredCredential newer = host;
  newer.item = ItemId::make();
  ASSERT_THAT(again.remember(newer, {host.item}), Succeeds());
  ASSERT_EQ(again.stored_credentials().size(), 1u);
  EXPECT_EQ(again.stored_credentials()[0].item, newer.item);
  ASSERT_THAT(again.forget_credential(newer.item), Succeeds());
  EXPECT_TRUE(again.stored_credentials().empty());
}

TEST_F(RegistryTest, AUseThatIsLostIsNotCounted) {
  const Connection work = connection("Work");
  {
    Registry registry(folder_);
    ASSERT_THAT(registry.insert(work), Succeeds());
    registry.note_use(work.id, "a/b", work.created_at);
    Connection renamed = *registry.find(work.id);
    renamed.name = "Renamed";
    ASSERT_THAT(registry.update(renamed), Succeeds());
    EXPECT_EQ(registry.find(work.id)->repositories_used, 1);
  }  // killed: the use was not written
  Registry again(folder_);
  EXPECT_EQ(again.find(work.id)->repositories_used, 0);
  again.note_use(work.id, "a/b", work.created_at);
  ASSERT_THAT(again.flush_uses(), Succeeds());
  EXPECT_EQ(again.find(work.id)->repositories_used, 1);
}

TEST_F(RegistryTest, AnAppIsKeptPerTypeAndServer) {
  Registry registry(folder_);
  ASSERT_THAT(registry.set_oauth_app({.type = "gitlab", .server_url = "", .client_id = "one"}), Succeeds());
  ASSERT_THAT(
      registry.set_oauth_app({.type = "gitlab", .server_url = "https://git.example", .client_id = "two"}),
      Succeeds());
  EXPECT_EQ(registry.oauth_app("gitlab", "")->client_id, "one");
  EXPECT_EQ(registry.oauth_app("gitlab", "https://git.example")->client_id, "two");
  ASSERT_THAT(registry.remove_oauth_app("gitlab", ""), Succeeds());
  EXPECT_FALSE(registry.oauth_app("gitlab", ""));
  EXPECT_EQ(registry.oauth_apps().size(), 1u);
}

// A checkpoint that was cut short has written some pages of the WAL into the database: without the WAL beside
// it, it looks damaged.
TEST_F(RegistryTest, ACheckpointThatWasCutShortLosesNothing) {
  const fs::path copy = folder_.parent_path() / "copy";
  const Connection kept = connection("Kept");
  {
    Registry registry(folder_);
    ASSERT_THAT(registry.insert(kept), Succeeds());
    fs::create_directory(copy);
    for (const char* name : {"connections.db", "connections.db-wal"})
      fs::copy_file(folder_ / name, copy / name);
  }
  // sqlite.org/fileformat2.html, 4.1: a header of 32 bytes, then frames of 24 and a page.
  std::ifstream wal(copy / "connections.db-wal", std::ios::binary);
  std::vector<char> page(4096);
  std::uint32_t number = 0;
  wal.seekg(32);
  while (number != 1) {
    char head[24];
    ASSERT_TRUE(wal.read(head, sizeof head) && wal.read(page.data(), 4096));
    number = static_cast<unsigned char>(head[3]);
  }
  std::fstream(copy / "connections.db", std::ios::binary | std::ios::in | std::ios::out)
      .write(page.data(), 4096);
  Registry again(copy);
  ASSERT_NE(again.find(kept.id), nullptr);
  EXPECT_EQ(*again.find(kept.id), kept);
}

}  // namespace
}  // namespace forgelink
