// SPDX-License-Identifier: MIT
#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace forgelink {
namespace {

TEST(Clock, ATimeIsWrittenAndReadBackTheSame) {
  const auto time = parse_time("2027-02-01T03:04:05Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(rfc3339(*time), "2027-02-01T03:04:05Z");
}

TEST(Clock, OffsetsFractionsAndBareDatesAreUnderstood) {
  EXPECT_EQ(rfc3339(*parse_time("2026-11-01T10:00:00.000+02:00")), "2026-11-01T08:00:00Z");
  EXPECT_EQ(rfc3339(*parse_time("2026-11-01 10:00:00-0930")), "2026-11-01T19:30:00Z");
  EXPECT_EQ(rfc3339(*parse_time("2026-11-20")), "2026-11-20T00:00:00Z");
}

TEST(Clock, WhatIsNoTimeIsNothing) {
  for (const char* text :
       {"", "now", "2026-13-01", "2026-02-30", "2026-11-01T25:00:00Z", "2026-11-01T10:00:00",
        "2026-11-01T10:00:00Zx", "20261101", "2026-11-01T10:00:00+2"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

}  // namespace
}  // namespace forgelink
