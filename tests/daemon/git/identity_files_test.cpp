// SPDX-License-Identifier: MIT
#include "daemon/git/identity_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/support/private_home.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

class IdentityFilesTest : public testing::Test {
 protected:
  IdentityFilesTest() {
    Connection work{.id = ConnectionId::make(), .name = "Work", .type = "github"};
    work.commit_name = "Octo";
    work.commit_email = "octo@example.org";
    id_ = work.id;
    EXPECT_THAT(registry_->insert(work), Succeeds());
  }
  void add_rule(const std::string& directory) {
    EXPECT_THAT(registry_->put_rule({.id = RuleId::make(), .connection = id_, .directory = directory}),
                Succeeds());
  }
  // All that is in the folder, one after the other.
  std::string content() const {
    std::stringstream text;
    for (const auto& file : std::filesystem::directory_iterator(folder_))
      text << std::ifstream(file.path()).rdbuf();
    return text.str();
  }
  std::size_t count() const {
    const std::filesystem::directory_iterator files(folder_);
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }

  PrivateHome home_;
  std::filesystem::path folder_ = home_.folder() / "identity";
  std::unique_ptr<Registry> registry_ = Registry::in_memory();
  IdentityFiles files_{*registry_, folder_};
  ConnectionId id_;
};

TEST_F(IdentityFilesTest, NothingIsWrittenUnlessItIsWanted) {
  add_rule("/srv/work");
  files_.on_event({.kind = EventKind::rules_changed});
  EXPECT_FALSE(files_.is_on());
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(IdentityFilesTest, TurnedOnTheyHoldTheIdentityOfEachRule) {
  add_rule("/srv/work");
  ASSERT_THAT(files_.turn(true), Succeeds());
  EXPECT_TRUE(files_.is_on());
  EXPECT_TRUE(std::filesystem::exists(files_.entry()));
  EXPECT_THAT(content(), testing::AllOf(testing::HasSubstr("/srv/work"), testing::HasSubstr("Octo"),
                                        testing::HasSubstr("octo@example.org")));
}

TEST_F(IdentityFilesTest, TheyFollowTheRules) {
  add_rule("/srv/work");
  ASSERT_THAT(files_.turn(true), Succeeds());
  add_rule("/srv/more");
  files_.on_event({.kind = EventKind::rules_changed});
  EXPECT_THAT(content(), testing::HasSubstr("/srv/more"));
}

TEST_F(IdentityFilesTest, WhatNoRuleWantsAnyMoreIsTakenAway) {
  add_rule("/srv/work");
  ASSERT_THAT(files_.turn(true), Succeeds());
  const std::size_t with_rule = count();
  ASSERT_THAT(registry_->remove(id_), Succeeds());
  files_.on_event({.kind = EventKind::connection_removed});
  EXPECT_LT(count(), with_rule);
  EXPECT_EQ(content().find("octo@example.org"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(files_.entry())) << "git still includes it";
}

TEST_F(IdentityFilesTest, OtherEventsWriteNothing) {
  ASSERT_THAT(files_.turn(true), Succeeds());
  add_rule("/srv/work");
  files_.on_event({.kind = EventKind::token_used});
  EXPECT_EQ(content().find("/srv/work"), std::string::npos);
}

TEST_F(IdentityFilesTest, TheSwitchOutlivesTheDaemon) {
  ASSERT_THAT(files_.turn(true), Succeeds());
  EXPECT_TRUE(IdentityFiles(*registry_, folder_).is_on());
}

TEST_F(IdentityFilesTest, TurnedOffTheyAreGone) {
  ASSERT_THAT(files_.turn(true), Succeeds());
  ASSERT_THAT(files_.turn(false), Succeeds());
  EXPECT_FALSE(files_.is_on());
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(IdentityFilesTest, WhereNothingCanBeWrittenTheyStayOff) {
  std::ofstream(home_.folder() / "file") << "in the way";
  IdentityFiles blocked(*registry_, home_.folder() / "file" / "identity");
  EXPECT_THAT(blocked.turn(true), FailsWith(Errc::internal));
  EXPECT_FALSE(blocked.is_on());
}

}  // namespace
}  // namespace forgelink
