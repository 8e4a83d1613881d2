// SPDX-License-Identifier: MIT
#include "daemon/lists/cursor.hpp"

#include <gtest/gtest.h>

namespace forgelink {
namespace {

TEST(Cursor, AnyTextGoesThereAndBack) {
  for (const std::string& text : {std::string("a"), std::string("ab"), std::string("abc"),
                                  std::string("\xff\xfe\0x", 4), std::string(1000, '?')})
    EXPECT_EQ(cursor_text(cursor_of(text)), text);
}

TEST(Cursor, WhatIsNoneIsNothing) {
  for (const char* cursor : {"", "a", "!!!!", "a b c"}) EXPECT_FALSE(cursor_text(cursor)) << cursor;
}

}  // namespace
}  // namespace forgelink
