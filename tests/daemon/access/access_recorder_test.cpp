// SPDX-License-Identifier: MIT
#include "daemon/access/access_recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "tests/fakes/fake_peer.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/private_home.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

using testing::ElementsAre;

class AccessRecorderTest : public testing::Test {
 protected:
  void record(const std::string& path, const std::string& connection = "id") {
    recorder_.record({.connection = connection, .connection_name = "Work", .path = path}, nullptr);
  }
  std::vector<std::string> paths(AccessLog::Query query = {}) {
    const Result<AccessLog::Page> page = loop_.run(recorder_.list(std::move(query)));
    EXPECT_THAT(page, Succeeds());
    std::vector<std::string> all;
    for (const AccessEntry& entry : page->entries) all.push_back(entry.path);
    return all;
  }

  Loop loop_;
  ManualClock clock_;
  Settings settings_;
  EventHub events_{clock_, [](const Connection&) { return ConnectionView(); }};
  AccessRecorder recorder_{loop_.executor(), std::make_shared<AccessLog>(":memory:"), events_, settings_,
                           clock_};
};

TEST_F(AccessRecorderTest, AListShowsWhatWaitsToBeWritten) {
  record("one");
  record("two");
  EXPECT_EQ(recorder_.waiting(), 2u);
  EXPECT_THAT(paths(), ElementsAre("two", "one"));
  EXPECT_EQ(recorder_.waiting(), 0u);
}

TEST_F(AccessRecorderTest, NothingIsWrittenWhereTheLogIsOff) {
  settings_.access_log = std::chrono::seconds(0);
  record("one");
  EXPECT_EQ(recorder_.waiting(), 0u);
  EXPECT_TRUE(paths().empty());
}

TEST_F(AccessRecorderTest, NothingOlderThanTheSettingIsGiven) {
  settings_.access_log = std::chrono::hours(1);
  record("old");
  EXPECT_THAT(paths(), ElementsAre("old"));
  clock_.advance(std::chrono::minutes(61));
  record("new");
  EXPECT_THAT(paths(), ElementsAre("new"));
  EXPECT_THAT(paths({.since = Time{}}), ElementsAre("new")) << "whatever is asked for";
}

TEST_F(AccessRecorderTest, ASubscriberIsToldEvenWhereTheLogIsOff) {
  settings_.access_log = std::chrono::seconds(0);
  const auto peer = std::make_shared<FakePeer>();
  events_.subscribe(peer, {EventKind::token_used});
  record("one");
  ASSERT_EQ(peer->told.size(), 1u);
  const auto detail = boost::json::parse(peer->told[0]).at("params").at("detail");
  EXPECT_EQ(detail.at("path"), "one");
  EXPECT_EQ(detail.at("outcome"), "given");
}

TEST_F(AccessRecorderTest, WhatNobodyHearsIsNotPublished) {
  record("one");
  EXPECT_EQ(events_.sequence(), 0u);
}

TEST_F(AccessRecorderTest, AFloodLosesTheOldestAndNeverGrows) {
  for (std::size_t i = 0; i <= AccessRecorder::most_waiting; ++i) record(std::to_string(i));
  EXPECT_LE(recorder_.waiting(), AccessRecorder::most_waiting);
  EXPECT_THAT(paths({.limit = 1}), ElementsAre(std::to_string(AccessRecorder::most_waiting)));
}

TEST_F(AccessRecorderTest, WhatCannotBeWrittenIsKeptForTheNextTry) {
  const PrivateHome home;
  const auto file = home.folder() / "blocked" / "access.db";
  AccessRecorder recorder(loop_.executor(), std::make_shared<AccessLog>(file), events_, settings_, clock_);
  std::filesystem::create_directories(file);  // a folder in the place of the file
  recorder.record({.connection = "id", .path = "kept"}, nullptr);
  EXPECT_THAT(loop_.run(recorder.flush()), FailsWith(Errc::database_failed));
  EXPECT_EQ(recorder.waiting(), 1u);
  std::filesystem::remove(file);
  EXPECT_THAT(loop_.run(recorder.flush()), Succeeds());
  EXPECT_EQ(recorder.waiting(), 0u);
}

TEST(AccessDetail, ShowsWhatIsNotKnownAsNull) {
  const boost::json::object unknown = detail_of({.connection = "id"});
  EXPECT_TRUE(unknown.at("program").is_null());
  EXPECT_TRUE(unknown.at("host").is_null());
  const AccessEntry known{
      .caller = std::make_shared<const Caller>(Caller{.program = "Editor", .directory = "/srv"})};
  EXPECT_EQ(detail_of(known).at("program"), "Editor");
  EXPECT_EQ(detail_of(known).at("directory"), "/srv") << "the program's own where none was told";
}

}  // namespace
}  // namespace forgelink
