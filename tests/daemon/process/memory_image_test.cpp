// SPDX-License-Identifier: MIT
#include "daemon/process/memory_image.hpp"

#include <gtest/gtest.h>

namespace forgelink {
namespace {

TEST(MemoryImage, GivesBackItsRecordsToTheByte) {
  MemoryImage image;
  image.add("item", "a", Secret("two\nlines"));
  image.add("pair", "", Secret(std::string_view("\0x", 2)));
  const std::optional<MemoryImage> back = MemoryImage::parse(image.bytes().reveal());
  ASSERT_TRUE(back);
  ASSERT_EQ(back->records().size(), 2u);
  EXPECT_EQ(back->records()[0].kind, "item");
  EXPECT_EQ(back->records()[0].value.reveal(), "two\nlines");
  EXPECT_EQ(back->records()[1].value.reveal(), std::string_view("\0x", 2));
}

TEST(MemoryImage, AnEmptyOneIsEmpty) {
  const std::optional<MemoryImage> back = MemoryImage::parse(MemoryImage().bytes().reveal());
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->empty());
}

TEST(MemoryImage, WhatIsCutShortIsNone) {
  MemoryImage image;
  image.add("item", "name", Secret("value"));
  const Secret whole = image.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto cut = MemoryImage::parse(whole.reveal().substr(0, size));
    EXPECT_TRUE(!cut || cut->empty()) << size;
  }
}

TEST(MemoryImage, NonsenseIsNone) { EXPECT_FALSE(MemoryImage::parse("nonsense")); }

}  // namespace
}  // namespace forgelink
