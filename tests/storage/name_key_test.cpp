#include "storage/name_key.hpp"

#include <gtest/gtest.h>

namespace forgelink {
namespace {

TEST(NameKey, NamesDifferByMoreThanCaseAndForm) {
  EXPECT_EQ(name_key("Work"), name_key("wORK"));
  EXPECT_EQ(name_key("Straße"), name_key("STRASSE"));
  EXPECT_EQ(name_key("\u00e9"), name_key("e\u0301"));
  EXPECT_EQ(name_key("\u00c9"), name_key("\u00e9"));
  EXPECT_NE(name_key("Work"), name_key("Work 2"));
  EXPECT_NE(name_key("a"), name_key("ä"));
}

TEST(NameKey, WhatIsNoTextIsNotCounted) {
  EXPECT_EQ(code_points("äöü"), 3u);
  EXPECT_FALSE(code_points("\xff"));
  EXPECT_EQ(name_key("\xff"), "\xff");
}

}  // namespace
}  // namespace forgelink
