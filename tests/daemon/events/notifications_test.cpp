// SPDX-License-Identifier: MIT
#include "daemon/events/notifications.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace forgelink
