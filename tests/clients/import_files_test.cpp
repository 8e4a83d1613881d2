// SPDX-License-Identifier: MIT
#include "clients/cli/import/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "clients/cli/import/parsers.hpp"

namespace forgelink::cli {
namespace {

namespace fs = std::filesystem;

class ImportFiles : public testing::Test {
 protected:
  ImportFiles() {
    std::string name = (fs::temp_directory_path() / "forgelink-import-XXXXXX").string();
    folder = mkdtemp(name.data());
    file = folder / "credentials";
  }
  ~ImportFiles() override { fs::remove_all(folder); }

  void write(const std::string& text, mode_t mode = 0600) const {
    std::ofstream(file) << text;
    chmod(file.c_str(), mode);
  }
  std::string content() const {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path folder, file;
};

bool of_github(const Found& found) { return found.host == "github.com"; }

TEST_F(ImportFiles, OnlyWhatIsMeantGoesAndTheModeStays) {
  write("https://a:1@github.com\nhttps://b:2@example.org\nhttps://c:3@github.com\n", 0640);
  const TakenOut out = take_out(file, parse_git_store, of_github);
  EXPECT_EQ(out.count, 2u);
  EXPECT_EQ(out.trouble, "");
  EXPECT_EQ(content(), "https://b:2@example.org\n");
  struct stat status {};
  stat(file.c_str(), &status);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
}

TEST_F(ImportFiles, AnEmptyFileIsRemoved) {
  write("https://a:1@github.com\n\n");
  EXPECT_TRUE(take_out(file, parse_git_store, of_github).file_removed);
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(ImportFiles, ALinkStaysALink) {
  write("https://a:1@github.com\nhttps://b:2@example.org\n");
  const fs::path link = folder / "link";
  fs::create_symlink(file, link);
  EXPECT_EQ(take_out(link, parse_git_store, of_github).count, 1u);
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(content(), "https://b:2@example.org\n");
}

TEST_F(ImportFiles, WhileAnotherProgramWritesNothingIsTouched) {
  write("https://a:1@github.com\n");
  std::ofstream(file.string() + ".lock") << "theirs";
  const TakenOut out = take_out(file, parse_git_store, of_github);
  EXPECT_NE(out.trouble, "");
  EXPECT_EQ(content(), "https://a:1@github.com\n");
  EXPECT_TRUE(fs::exists(file.string() + ".lock"));
}

TEST_F(ImportFiles, WhatCannotBeCutOutCleanlyStays) {
  // The same token by an alias: cutting the anchor would leave YAML that nobody can read.
  const std::string text =
      "github.com:\n  oauth_token: &t gho_1\n  users:\n    x:\n      oauth_token: gho_2\n      note: *t\n";
  write(text);
  const TakenOut out =
      take_out(file, parse_gh, [](const Found& found) { return found.token.reveal() == "gho_1"; });
  EXPECT_NE(out.trouble, "");
  EXPECT_EQ(content(), text);
}

TEST_F(ImportFiles, WhatIsNotThereOrNoFileIsToldApart) {
  std::string trouble;
  EXPECT_FALSE(read_file(file, trouble).has_value());
  EXPECT_EQ(trouble, "");
  EXPECT_FALSE(read_file(folder, trouble).has_value());
  EXPECT_EQ(trouble, "It is no file.");
  write(std::string(2 << 20, 'x'));
  EXPECT_FALSE(read_file(file, trouble).has_value());
  EXPECT_EQ(trouble, "It is larger than any file of its kind.");
  write("");
  EXPECT_TRUE(read_file(file, trouble)->empty());
}

}  // namespace
}  // namespace forgelink::cli
