// SPDX-License-Identifier: MIT
#include "daemon/events/notifications.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/fake_notices.hpp"
#include "tests/support/private_bus.hpp"

namespace forgelink {
namespace {

TEST(Notices, EachSaysWhatHappenedToWhichConnectionAndWhatToDo) {
  const Connection work{.name = "Work"};
  for (const EventKind kind :
       {EventKind::token_rejected, EventKind::token_expired, EventKind::token_expiring}) {
    const auto notice = notice_of({.kind = kind, .connection = &work, .detail = {{"days_left", 1}}});
    ASSERT_TRUE(notice) << name_of(kind);
    EXPECT_THAT(notice->text,
                testing::AllOf(testing::HasSubstr("“Work”"), testing::HasSubstr("forgelink edit Work")));
  }
  EXPECT_THAT(
      notice_of({.kind = EventKind::token_expiring, .connection = &work, .detail = {{"days_left", 1}}})->text,
      testing::HasSubstr("in 1 day."));
  EXPECT_THAT(
      notice_of({.kind = EventKind::tokens_purged, .detail = {{"names", boost::json::array{"A", "B"}}}})
          ->text,
      testing::HasSubstr("“A”, “B”"));
}

TEST(Notices, ANewConnectionIsNamedInTheTitleAndOpenedByAClick) {
  const Connection work{.id = ConnectionId::make(), .name = "Work"};
  const auto notice = notice_of({.kind = EventKind::connection_added, .connection = &work});
  ASSERT_TRUE(notice);
  EXPECT_EQ(notice->title, "Created connection “Work”");
  EXPECT_EQ(notice->connection, work.id.text());
}

TEST(Notices, TheEndOfATokenHasAButtonThatRenewsItOrLeadsToThePage) {
  const Connection work{.id = ConnectionId::make(), .name = "Work"};
  const auto notice = [&](EventKind kind, bool can_renew) {
    return *notice_of({.kind = kind,
                       .connection = &work,
                       .detail = {{"can_renew", can_renew}, {"renew_url", "https://f/new"}}});
  };
  EXPECT_TRUE(notice(EventKind::token_expiring, true).can_renew);
  EXPECT_EQ(notice(EventKind::token_expiring, true).page, "");
  EXPECT_FALSE(notice(EventKind::token_expiring, false).can_renew);
  EXPECT_EQ(notice(EventKind::token_expiring, false).page, "https://f/new");
  // A token that has ended cannot renew itself.
  EXPECT_FALSE(notice(EventKind::token_expired, true).can_renew);
  EXPECT_EQ(notice(EventKind::token_expired, true).page, "https://f/new");
}

TEST(Notices, ARenewalThatNobodyAskedForIsTold) {
  const Connection work{.name = "Work"};
  EXPECT_TRUE(
      notice_of({.kind = EventKind::token_renewed, .connection = &work, .detail = {{"automatic", true}}}));
  EXPECT_FALSE(
      notice_of({.kind = EventKind::token_renewed, .connection = &work, .detail = {{"automatic", false}}}));
}

TEST(Notices, ASignInThatMadeTheConnectionHasItsNoticeAlready) {
  const Time now{std::chrono::seconds(100)};
  const Connection made{.name = "Work", .created_at = now, .updated_at = now};
  EXPECT_FALSE(notice_of({.kind = EventKind::sign_in_completed, .connection = &made}));
  const Connection older{.name = "Work", .created_at = now - std::chrono::seconds(5), .updated_at = now};
  EXPECT_TRUE(notice_of({.kind = EventKind::sign_in_completed, .connection = &older}));
}

TEST(Notices, WhatThePersonDidOrNeedNotKnowGetsNone) {
  const Connection work{.name = "Work"};
  EXPECT_FALSE(notice_of({.kind = EventKind::connection_updated, .connection = &work}));
  EXPECT_FALSE(notice_of({.kind = EventKind::secret_store_changed}));
  EXPECT_FALSE(notice_of({.kind = EventKind::sign_in_failed, .detail = {{"kind", "sign_in_cancelled"}}}));
}

class NotificationsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!PrivateBus::possible()) GTEST_SKIP() << "dbus-daemon is not installed";
    bus_ = std::make_unique<PrivateBus>();
    desktop_ = std::make_unique<FakeNotices>(loop_.get_executor());
    notifications_ = std::make_unique<Notifications>(loop_.get_executor(), settings_);
  }

  template <class Done>
  bool until(Done done, std::chrono::steady_clock::duration limit = std::chrono::seconds(5)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    loop_.restart();
    while (!done() && std::chrono::steady_clock::now() < end) {
      if (loop_.run_one_for(Milliseconds(5)) == 0) loop_.restart();
    }
    return done();
  }
  bool shown(std::size_t count) {
    return until([&] { return desktop_->shown.size() >= count; });
  }

  const Connection work_{.id = ConnectionId::make(), .name = "A <b> C"};
  Settings settings_;
  asio::io_context loop_{1};
  std::unique_ptr<PrivateBus> bus_;
  std::unique_ptr<FakeNotices> desktop_;
  std::unique_ptr<Notifications> notifications_;
};

TEST_F(NotificationsTest, AClickOpensTheConnectionInTheWindow) {
  notifications_->on_event({.kind = EventKind::connection_added, .connection = &work_});
  ASSERT_TRUE(shown(1));
  EXPECT_EQ(desktop_->shown[0].title, "Created connection “A <b> C”");
  EXPECT_THAT(desktop_->shown[0].actions, testing::ElementsAre("default", "Open"));
  // The number of the notice may still be on its way.
  EXPECT_TRUE(until([this] {
    if (desktop_->opened.empty()) desktop_->press(1, "default");
    loop_.run_for(Milliseconds(2));
    return !desktop_->opened.empty();
  }));
  EXPECT_EQ(desktop_->opened.front(), "open-connection " + work_.id.text());
}

TEST_F(NotificationsTest, ANameIsNoMarkup) {
  notifications_->on_event({.kind = EventKind::token_rejected, .connection = &work_});
  ASSERT_TRUE(shown(1));
  EXPECT_THAT(desktop_->shown[0].body, testing::HasSubstr("A &lt;b&gt; C"));
}

TEST_F(NotificationsTest, ANoticeOfAnotherProgramOpensNothing) {
  notifications_->on_event({.kind = EventKind::connection_added, .connection = &work_});
  ASSERT_TRUE(shown(1));
  loop_.run_for(Milliseconds(5));
  desktop_->press(99, "default");
  desktop_->press(1, "other");
  EXPECT_FALSE(until([this] { return !desktop_->opened.empty(); }, Milliseconds(30)));
}

TEST_F(NotificationsTest, WhereTheSettingIsOffNothingIsShown) {
  settings_.notifications = false;
  notifications_->on_event({.kind = EventKind::connection_added, .connection = &work_});
  EXPECT_FALSE(until([this] { return !desktop_->shown.empty(); }, Milliseconds(30)));
}

TEST_F(NotificationsTest, ABusThatComesBackIsUsedAgain) {
  notifications_->on_event({.kind = EventKind::connection_added, .connection = &work_});
  ASSERT_TRUE(shown(1));
  desktop_.reset();
  bus_.reset();
  loop_.run_for(Milliseconds(10));
  bus_ = std::make_unique<PrivateBus>();
  desktop_ = std::make_unique<FakeNotices>(loop_.get_executor());
  notifications_->on_event({.kind = EventKind::token_rejected, .connection = &work_});
  EXPECT_TRUE(shown(1));
}

}  // namespace
}  // namespace forgelink
