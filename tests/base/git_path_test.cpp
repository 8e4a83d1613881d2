// SPDX-License-Identifier: MIT
#include "base/git_path.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace forgelink {
namespace {

using testing::ElementsAre;

TEST(GitPath, BothSpellingsOfAPathAreOne) {
  const auto encoded = GitPath::encoded("/tfs/Default%20Collection/P%C3%B6st/_git/r");
  ASSERT_TRUE(encoded);
  EXPECT_EQ(*encoded, GitPath::decoded("tfs/Default Collection/Pöst/_git/r/"));
  EXPECT_EQ(encoded->url_text(), "tfs/Default%20Collection/P%C3%B6st/_git/r");
}

TEST(GitPath, IsDecodedOnceOnly) {
  EXPECT_THAT(GitPath::encoded("a/%2541")->parts(), ElementsAre("a", "%41"));
  EXPECT_THAT(GitPath::decoded("a/%41").parts(), ElementsAre("a", "%41"));
}

TEST(GitPath, MalformedEncodingIsNoPath) { EXPECT_FALSE(GitPath::encoded("a/%4")); }

TEST(GitPath, AnEncodedSlashMakesNoSecondPart) {
  const auto path = GitPath::encoded("owner%2Fname");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->size(), 1U);
  EXPECT_TRUE(path->is_crooked());
}

class CrookedPath : public testing::TestWithParam<const char*> {};

TEST_P(CrookedPath, IsToldFromAStraightOne) { EXPECT_TRUE(GitPath::decoded(GetParam()).is_crooked()); }

INSTANTIATE_TEST_SUITE_P(All, CrookedPath,
                         testing::Values("a/../b", "./a", "a/..", "a\\b", "a/%2e%2e/b", "a/%2E", "a%2fb",
                                         "a%5cb"));

class StraightPath : public testing::TestWithParam<const char*> {};

TEST_P(StraightPath, IsNotCrooked) { EXPECT_FALSE(GitPath::decoded(GetParam()).is_crooked()); }

INSTANTIATE_TEST_SUITE_P(All, StraightPath,
                         testing::Values("", "a/b.git", "a..b/c", "100%/x", "a/...", "x.git/info/lfs",
                                         "a/%41"));

struct Below {
  const char *path, *root;
  bool exact, ignoring_case;
};

class LiesBelow : public testing::TestWithParam<Below> {};

TEST_P(LiesBelow, ByWholeParts) {
  const GitPath path = GitPath::decoded(GetParam().path), root = GitPath::decoded(GetParam().root);
  EXPECT_EQ(path.lies_below(root, false), GetParam().exact);
  EXPECT_EQ(path.lies_below(root, true), GetParam().ignoring_case);
}

INSTANTIATE_TEST_SUITE_P(
    All, LiesBelow,
    testing::Values(Below{"git/lab/a", "git/lab", true, true}, Below{"git/lab", "git/lab", true, true},
                    Below{"git/laboratory/x", "git/lab", false, false}, Below{"git", "git/lab", false, false},
                    Below{"a", "", true, true},
                    Below{"tfs/defaultcollection/p", "tfs/DefaultCollection", false, true},
                    Below{"scm", "context/scm", false, false}));

TEST(GitPath, TheSuffixGoesFromTheLastPartOnly) {
  EXPECT_EQ(GitPath::decoded("a.git/b.git").without_suffix().text(), "a.git/b");
  EXPECT_EQ(GitPath::decoded(".git").without_suffix().text(), ".git");
}

}  // namespace
}  // namespace forgelink
