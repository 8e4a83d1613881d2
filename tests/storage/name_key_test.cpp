// SPDX-License-Identifier: MIT
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
  EXPECT_EQ(name_key("ΟΔΟΣ"), name_key("οδος"));
  EXPECT_EQ(name_key("İ"), name_key("i\u0307"));
  EXPECT_NE(name_key("I"), name_key("ı"));
  EXPECT_NE(name_key("x²"), name_key("x2"));
  EXPECT_NE(name_key("Ｗork"), name_key("Work"));
}

TEST(NameKey, WhatIsNoTextIsNotCounted) {
  EXPECT_EQ(code_points("äöü"), 3u);
  EXPECT_FALSE(code_points("\xff"));
  EXPECT_EQ(name_key("\xff"), "\xff");
}

}  // namespace
}  // namespace forgelink
