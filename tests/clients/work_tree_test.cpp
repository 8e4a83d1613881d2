// SPDX-License-Identifier: MIT
#include "clients/git_credential/work_tree.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace forgelink {
namespace {

namespace fs = std::filesystem;

// A folder of its own, and git's variables as they were afterwards.
class WorkTreeTest : public testing::Test {
 protected:
  WorkTreeTest()
      : folder_(fs::canonical(fs::temp_directory_path()) / ("fl-work-tree-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    unsetenv("GIT_DIR");
    unsetenv("GIT_WORK_TREE");
  }
  ~WorkTreeTest() override {
    unsetenv("GIT_DIR");
    unsetenv("GIT_WORK_TREE");
    fs::remove_all(folder_);
  }

  fs::path make(const std::string& name) {
    fs::create_directories(folder_ / name);
    return folder_ / name;
  }
  static void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }
  static std::string with_git_dir(const fs::path& value) {
    setenv("GIT_DIR", value.c_str(), 1);
    return work_tree_top();
  }

  fs::path folder_;
};

TEST_F(WorkTreeTest, WithoutGitsVariablesItIsTheWorkingDirectory) {
  EXPECT_EQ(work_tree_top(), fs::current_path().string());
}

TEST_F(WorkTreeTest, ARelativeGitDirLeavesItTheWorkingDirectory) {
  EXPECT_EQ(with_git_dir(".git"), fs::current_path().string());
}

TEST_F(WorkTreeTest, DuringACloneItIsTheFolderOfTheNewRepository) {
  EXPECT_EQ(with_git_dir(make("new/.git")), folder_ / "new");
  EXPECT_EQ(with_git_dir(make("new/.git").string() + "/"), folder_ / "new");
}

TEST_F(WorkTreeTest, ABareRepositoryIsItself) {
  EXPECT_EQ(with_git_dir(make("bare.git")), folder_ / "bare.git");
}

TEST_F(WorkTreeTest, ALinkedWorkTreeIsNamedByItsAdministrativeFolder) {
  const fs::path admin = make("main/.git/worktrees/topic");
  write(admin / "gitdir", (folder_ / "topic" / ".git").string() + "\n");
  EXPECT_EQ(with_git_dir(admin), folder_ / "topic");
}

TEST_F(WorkTreeTest, ASubmoduleIsNamedByItsConfiguration) {
  const fs::path git_dir = make("super/.git/modules/library");
  make("super/library");
  write(git_dir / "config",
        "[core]\n\trepositoryformatversion = 0\n\tworktree = ../../../library\n[remote \"x\"]\n");
  EXPECT_EQ(with_git_dir(git_dir), folder_ / "super/library");
}

TEST_F(WorkTreeTest, ASubmoduleThatIsBeingClonedIsNamedByItsPlaceInTheSuperproject) {
  EXPECT_EQ(with_git_dir(make("super/.git/modules/libs/library")), folder_ / "super/libs/library");
  EXPECT_EQ(with_git_dir(make("super/.git/modules/a/modules/b")), folder_ / "super/a/b");
}

TEST_F(WorkTreeTest, AnAbsoluteWorkTreeCountsFirst) {
  setenv("GIT_WORK_TREE", make("tree").c_str(), 1);
  EXPECT_EQ(with_git_dir(make("x/.git")), folder_ / "tree");
}

TEST_F(WorkTreeTest, SymbolicLinksAreResolved) {
  make("real/.git");
  fs::create_directory_symlink(folder_ / "real", folder_ / "link");
  EXPECT_EQ(with_git_dir(folder_ / "link" / ".git"), folder_ / "real");
}

}  // namespace
}  // namespace forgelink
