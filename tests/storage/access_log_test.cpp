// SPDX-License-Identifier: MIT
#include "storage/access_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/results.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;

const Time noon = *parse_time("2026-11-25T12:00:00Z");

AccessEntry entry(std::chrono::seconds after, const std::string& connection = "c1",
                  const std::string& program = "code") {
  return {.at = noon + after,
          .connection = connection,
          .connection_name = "Work",
          .action = AccessAction::git,
          .caller = std::make_shared<const Caller>(
              Caller{.pid = 7, .program = program, .executable = "/usr/bin/" + program}),
          .directory = "/home/me/o/r",
          .host = "github.com",
          .path = "o/r",
          .outcome = AccessOutcome::given};
}

class AccessLogTest : public testing::Test {
 protected:
  AccessLogTest() {
    std::string pattern = (fs::temp_directory_path() / "fl-log-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    file = folder / "access.db";
  }
  ~AccessLogTest() override { fs::remove_all(folder); }

  fs::path folder, file;
};

TEST_F(AccessLogTest, EveryFieldSurvivesARestart) {
  AccessEntry full = entry(std::chrono::seconds(0));
  full.action = AccessAction::lend;
  full.outcome = AccessOutcome::denied;
  ASSERT_THAT(AccessLog(file).append({full}), Succeeds());
  AccessLog log(file);
  const auto page = log.list({});
  ASSERT_THAT(page, Succeeds());
  ASSERT_EQ(page->entries.size(), 1u);
  const AccessEntry& back = page->entries.front();
  EXPECT_EQ(back.at, full.at);
  EXPECT_EQ(back.connection, "c1");
  EXPECT_EQ(back.connection_name, "Work");
  EXPECT_EQ(back.action, AccessAction::lend);
  EXPECT_EQ(back.outcome, AccessOutcome::denied);
  EXPECT_EQ(back.caller->program, "code");
  EXPECT_EQ(back.caller->executable, "/usr/bin/code");
  EXPECT_EQ(back.caller->pid, 7);
  EXPECT_EQ(back.directory, "/home/me/o/r");
  EXPECT_EQ(back.host, "github.com");
  EXPECT_EQ(back.path, "o/r");
}

TEST_F(AccessLogTest, ItsFileIsForTheUserAlone) {
  ASSERT_THAT(AccessLog(file).append({entry(std::chrono::seconds(0))}), Succeeds());
  struct stat info {};
  ASSERT_EQ(stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(AccessLogTest, PagesGoFromTheNewestToTheOldestWithoutGapOrRepetition) {
  AccessLog log(file);
  std::vector<AccessEntry> entries;
  // Several in one second, and a clock that was set back in between.
  for (int i : {0, 1, 1, 1, 2, 9, 3, 3, 4, 5}) entries.push_back(entry(std::chrono::seconds(i)));
  ASSERT_THAT(log.append(entries), Succeeds());
  std::vector<Time> seen;
  AccessLog::Query query{.limit = 3};
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = log.list(query);
    ASSERT_THAT(page, Succeeds());
    for (const AccessEntry& one : page->entries) seen.push_back(one.at);
    if (!page->next) break;
    query.after = page->next;
  }
  EXPECT_EQ(seen.size(), entries.size());
  EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
}

TEST_F(AccessLogTest, TheLastPageHasNoNext) {
  AccessLog log(file);
  ASSERT_THAT(log.append({entry(std::chrono::seconds(0)), entry(std::chrono::seconds(1))}), Succeeds());
  EXPECT_FALSE(log.list({.limit = 2})->next);
  EXPECT_TRUE(log.list({.limit = 1})->next);
}

TEST_F(AccessLogTest, OneConnectionAndATimeNarrowTheList) {
  AccessLog log(file);
  ASSERT_THAT(log.append({entry(std::chrono::seconds(0), "c1"), entry(std::chrono::seconds(1), "c2"),
                          entry(std::chrono::seconds(2), "c1")}),
              Succeeds());
  EXPECT_EQ(log.list({.connection = "c1"})->entries.size(), 2u);
  EXPECT_EQ(log.list({.connection = "c1", .since = noon + std::chrono::seconds(1)})->entries.size(), 1u);
  EXPECT_EQ(log.list({.connection = "c3"})->entries.size(), 0u);
}

TEST_F(AccessLogTest, OldEntriesAreRemovedALimitedNumberAtOnce) {
  AccessLog log(file);
  std::vector<AccessEntry> entries;
  for (int i = 0; i < 10; ++i) entries.push_back(entry(std::chrono::seconds(i)));
  ASSERT_THAT(log.append(entries), Succeeds());
  EXPECT_EQ(*log.remove_before(noon + std::chrono::seconds(8), 5), 5u);
  EXPECT_EQ(*log.remove_before(noon + std::chrono::seconds(8), 5), 3u);
  EXPECT_EQ(log.list({})->entries.size(), 2u);
}

TEST_F(AccessLogTest, ADamagedFileIsPutAsideAndBegunAnew) {
  std::ofstream(file) << "This was a database once. " << std::string(5000, 'x');
  AccessLog log(file);
  EXPECT_THAT(log.append({entry(std::chrono::seconds(0))}), Succeeds());
  EXPECT_TRUE(fs::exists(folder / "access.db.damaged"));
}

TEST_F(AccessLogTest, AFolderThatCannotBeWrittenIsAnErrorAndNotTheEnd) {
  AccessLog log(folder / "nowhere" / "access.db");
  EXPECT_THAT(log.append({entry(std::chrono::seconds(0))}), FailsWith(Errc::database_failed));
  EXPECT_THAT(log.list({}), FailsWith(Errc::database_failed));
}

}  // namespace
}  // namespace forgelink
