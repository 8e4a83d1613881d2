// SPDX-License-Identifier: MIT
#include "daemon/git/version_notice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace forgelink {
namespace {

using testing::HasSubstr;
using testing::Optional;

TEST(VersionNotice, AnotherVersionIsToldOnce) {
  VersionNotice notice("1.2.3");
  EXPECT_THAT(notice.about("0.9.0"), Optional(HasSubstr("version 1.2.3 and git's helper 0.9.0")));
  EXPECT_EQ(notice.about("0.9.0"), std::nullopt);
  EXPECT_TRUE(notice.about("2.0.0"));
}

TEST(VersionNotice, OurOwnIsNotWorthAWord) { EXPECT_EQ(VersionNotice("1.2.3").about("1.2.3"), std::nullopt); }

TEST(VersionNotice, WhatIsNoVersionIsNotRepeated) {
  VersionNotice notice("1.2.3");
  for (const std::string& nonsense : {std::string(), std::string("1.0\n2"), std::string("1 0"),
                                      std::string("\x1b[31m"), std::string(33, '1'), std::string("ä")})
    EXPECT_EQ(notice.about(nonsense), std::nullopt) << nonsense;
}

TEST(VersionNotice, TheMemoryOfThemHasAnEnd) {
  VersionNotice notice("1.2.3");
  int told = 0;
  for (int i = 0; i < 1000; ++i) told += notice.about("0.0." + std::to_string(i)) ? 1 : 0;
  EXPECT_EQ(told, 16);
}

}  // namespace
}  // namespace forgelink
