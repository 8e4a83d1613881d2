#include "daemon/notifications.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace forgelink {
namespace {

TEST(Notices, EachSaysWhatHappenedToWhichConnectionAndWhatToDo) {
  const Connection work{.name = "Work"};
  for (const char* kind : {"token.rejected", "token.expired", "token.expiring"}) {
    const auto notice = notice_of({.kind = kind, .connection = &work, .detail = {{"days_left", 1}}});
    ASSERT_TRUE(notice) << kind;
    EXPECT_THAT(notice->text,
                testing::AllOf(testing::HasSubstr("“Work”"), testing::HasSubstr("forgelink edit Work")));
  }
  EXPECT_THAT(notice_of({.kind = "token.expiring", .connection = &work, .detail = {{"days_left", 1}}})->text,
              testing::HasSubstr("in 1 day."));
  EXPECT_THAT(notice_of({.kind = "tokens.purged", .detail = {{"names", boost::json::array{"A", "B"}}}})->text,
              testing::HasSubstr("“A”, “B”"));
}

TEST(Notices, WhatThePersonDidOrNeedNotKnowGetsNone) {
  const Connection work{.name = "Work"};
  EXPECT_FALSE(notice_of({.kind = "connection.updated", .connection = &work}));
  EXPECT_FALSE(notice_of({.kind = "secret_store.changed"}));
  EXPECT_FALSE(notice_of({.kind = "sign_in.failed", .detail = {{"kind", "sign_in_cancelled"}}}));
}

}  // namespace
}  // namespace forgelink
