// SPDX-License-Identifier: MIT
#include "daemon/lend/lends.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/fakes/manual_clock.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/private_home.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

class LendsTest : public testing::Test {
 protected:
  LendsTest() {
    lends_.make_tables_with([this](std::shared_ptr<LentConnections> lent, const ipc::Server*&) {
      lent_ = std::move(lent);
      return ipc::MethodTable();
    });
    events_.listen([this](const Event& event) {
      kinds_.push_back(event.kind);
      last_ = event.detail;
    });
  }
  ~LendsTest() override { lends_.end_all("the test ends"); }

  Result<Lend> lend(std::vector<ConnectionId> ids = {ConnectionId::make()}) {
    return lends_.start({.connections = std::move(ids)});
  }

  PrivateHome home_;
  Loop loop_;
  ManualClock clock_;
  std::unique_ptr<Registry> registry_ = Registry::in_memory();
  EventHub events_{clock_, [](const Connection&) { return ConnectionView(); }};
  Lends lends_{loop_.executor(), events_, clock_};
  std::shared_ptr<LentConnections> lent_;
  std::vector<EventKind> kinds_;
  boost::json::object last_;
};

TEST_F(LendsTest, ALendHasASocketOfItsOwnUntilItEnds) {
  const Result<Lend> lend = this->lend();
  ASSERT_THAT(lend, Succeeds());
  EXPECT_EQ(lend->socket.parent_path(), home_.folder() / "run" / "forgelink");
  EXPECT_TRUE(std::filesystem::is_socket(lend->socket));
  EXPECT_EQ(lend->expires_at, clock_.now() + std::chrono::hours(8));
  EXPECT_THAT(kinds_, testing::ElementsAre(EventKind::lend_started));
}

TEST_F(LendsTest, WhatIsUnderWayGetsNothingOnceALendHasEnded) {
  const Result<Lend> lend = this->lend();
  ASSERT_FALSE(lent_->ids.empty());
  ASSERT_THAT(lends_.end(lend->id, "told so"), Succeeds());
  EXPECT_TRUE(lent_->ids.empty());
  EXPECT_EQ(last_.at("why"), "told so");
  EXPECT_THAT(lends_.end(lend->id, "again"), FailsWith(Errc::not_found));
}

TEST_F(LendsTest, TheOneThatEndsFirstIsListedFirst) {
  ASSERT_THAT(lend(), Succeeds());
  const Result<Lend> shorter =
      lends_.start({.connections = {ConnectionId::make()}, .time = std::chrono::minutes(1)});
  ASSERT_EQ(lends_.list().size(), 2u);
  EXPECT_EQ(lends_.list().front().id, shorter->id);
}

TEST_F(LendsTest, NoMoreAreLentThanAPersonCanOversee) {
  for (std::size_t i = 0; i < Lends::most; ++i) ASSERT_THAT(lend(), Succeeds());
  EXPECT_THAT(lend(), FailsWith(Errc::too_busy));
}

TEST_F(LendsTest, ARemovedConnectionIsLentNoMore) {
  const Connection gone{.id = ConnectionId::make()}, stays{.id = ConnectionId::make()};
  ASSERT_THAT(lend({gone.id, stays.id}), Succeeds());
  lends_.on_event({.kind = EventKind::connection_removed, .connection = &gone});
  EXPECT_THAT(lent_->ids, testing::ElementsAre(stays.id));
  ASSERT_EQ(lends_.list().size(), 1u);
  lends_.on_event({.kind = EventKind::connection_removed, .connection = &stays});
  EXPECT_TRUE(lends_.list().empty());
}

TEST_F(LendsTest, AllEndTogether) {
  ASSERT_THAT(lend(), Succeeds());
  ASSERT_THAT(lend(), Succeeds());
  lends_.end_all("the session has ended");
  EXPECT_TRUE(lends_.list().empty());
}

TEST_F(LendsTest, AFileInThePlaceOfItsSocketIsLeftAlone) {
  const auto file = home_.folder() / "file";
  std::ofstream(file) << "a person's";
  EXPECT_THAT(lends_.start({.connections = {ConnectionId::make()}, .socket = file}),
              FailsWith(Errc::invalid_params));
  EXPECT_EQ(std::filesystem::file_size(file), 10u);
}

TEST_F(LendsTest, ASocketThatCannotBeMadeIsSaid) {
  const auto nowhere = home_.folder() / std::string(120, 'x');
  const Result<Lend> refused = lends_.start({.connections = {ConnectionId::make()}, .socket = nowhere});
  ASSERT_THAT(refused, FailsWith(Errc::invalid_params));
  EXPECT_EQ(refused.error().field, "socket");
  EXPECT_TRUE(lends_.list().empty());
}

}  // namespace
}  // namespace forgelink
