// SPDX-License-Identifier: MIT
#include "daemon/git/rule_index.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace forgelink {
namespace {

class RuleIndexTest : public testing::Test {
 protected:
  // Gives it a name to be known by in the expectations.
  void add(const std::string& name, const char* url, const char* directory) {
    Rule rule{.id = RuleId::make(), .connection = ConnectionId::make()};
    if (*url != '\0') rule.url = url;
    if (*directory != '\0') rule.directory = directory;
    names_[rule.id] = name;
    index_.add(rule);
  }
  std::string best(const char* path, const char* directory, const std::string& not_this = "-") {
    const RuleQuestion asked{
        .origin = "https://host", .path = GitPath::decoded(path), .directory = directory};
    const Rule* found = index_.best(asked, [&](const Rule& rule) { return names_[rule.id] != not_this; });
    return found == nullptr ? "" : names_[found->id];
  }

  RuleIndex index_;
  std::map<RuleId, std::string> names_;
};

TEST_F(RuleIndexTest, MorePartsGoFirstThenTheDeeperFolderThenTheHost) {
  add("host", "https://host", "");
  add("home", "", "/home/me");
  add("work", "", "/home/me/job");
  add("owner", "https://host/octo", "");
  add("repository", "https://host/octo/hello", "");
  EXPECT_EQ(best("octo/hello.git", "/home/me/job/x"), "repository");
  EXPECT_EQ(best("octo/other", "/home/me/job/x"), "owner");
  EXPECT_EQ(best("mona/x", "/home/me/job/x"), "work");
  EXPECT_EQ(best("mona/x", "/home/me/play"), "home");
  EXPECT_EQ(best("mona/x", "/srv"), "host");
  EXPECT_EQ(best("", ""), "host");
}

TEST_F(RuleIndexTest, ARuleThatNamesNoCandidateIsPassedOver) {
  add("owner", "https://host/octo", "");
  add("repository", "https://host/octo/hello", "");
  EXPECT_EQ(best("octo/hello", "", "repository"), "owner");
}

TEST_F(RuleIndexTest, WholePartsOnly) {
  add("owner", "https://host/octo", "");
  add("folder", "", "/home/me/job");
  EXPECT_EQ(best("octopus/x", "/home/me/jobs"), "");
}

TEST_F(RuleIndexTest, TheSuffixAndWhatGitAsksBelowItDoNotCount) {
  add("repository", "https://host/octo/x", "");
  EXPECT_EQ(best("octo/x.git/info/lfs", ""), "repository");
  EXPECT_EQ(best("OCTO/X", ""), "repository");
  EXPECT_EQ(best("octo/x.gitty", ""), "");
}

TEST_F(RuleIndexTest, BothConditionsMustHold) {
  add("both", "https://host/octo", "/home/me");
  EXPECT_EQ(best("octo/x", "/home/me/a"), "both");
  EXPECT_EQ(best("octo/x", "/srv"), "");
  EXPECT_EQ(best("mona/x", "/home/me/a"), "");
}

TEST_F(RuleIndexTest, ACrookedPathFitsNoPathRule) {
  add("owner", "https://host/octo", "");
  add("host", "https://host", "");
  for (const char* path : {"octo/../mona", "octo/%2e%2e/x", "octo/a\\b", "octo/a%2fb"})
    EXPECT_EQ(best(path, ""), "host") << path;
}

TEST_F(RuleIndexTest, OfEqualOnesTheNewestCountsAndARemovedOneNot) {
  add("old", "https://host/octo", "");
  add("new", "https://host/Octo", "");
  EXPECT_EQ(best("octo/x", ""), "new");
  for (const auto& [id, name] : names_) {
    if (name == "new") index_.remove(id);
  }
  EXPECT_EQ(best("octo/x", ""), "old");
}

TEST_F(RuleIndexTest, SameConditionsAreFoundWhateverTheCase) {
  add("one", "https://host/octo", "/home/me");
  Rule same{.id = RuleId::make(), .url = "https://host/OCTO", .directory = "/home/me"};
  EXPECT_EQ(index_.same_as(same).size(), 1U);
  same.directory.reset();
  EXPECT_TRUE(index_.same_as(same).empty());
}

// A look-up does not walk the rules: a hundred times as many may take a few times as long, for the cache
// misses.
TEST_F(RuleIndexTest, TenThousandRulesAreLookedUpAboutAsFastAsAHundred) {
  const auto time_of = [&] {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 2'000; ++i) best("owner7/name", "/home/me/job/a/b");
    return std::chrono::steady_clock::now() - start;
  };
  const auto fill = [&](int from, int to) {
    for (int i = from; i < to; ++i) add("r", ("https://host/owner" + std::to_string(i)).c_str(), "");
  };
  fill(0, 100);
  const auto few = time_of();
  fill(100, 10'000);
  EXPECT_LT(time_of(), few * 10);
}

TEST_F(RuleIndexTest, AnAbsurdPathAndFolderAreReadQuickly) {
  add("owner", "https://host/octo", "/a");
  std::string deep = "octo", folder;
  for (int i = 0; i < 30'000; ++i) deep += "/a";
  for (int i = 0; i < 2'000; ++i) folder += "/a";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(best(deep.c_str(), folder.c_str()), "owner");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

}  // namespace
}  // namespace forgelink
