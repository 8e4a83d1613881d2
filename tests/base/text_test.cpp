// SPDX-License-Identifier: MIT
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace forgelink {
namespace {

TEST(Text, ControlCharactersAreUnsafeToShow) {
  for (const char32_t code : {U'\0', U'\n', U'\x1b', U'\x1f', U'\x7f', char32_t{0x80}, char32_t{0x9f}})
    EXPECT_TRUE(is_unsafe_code_point(code)) << std::uint32_t{code};
}

TEST(Text, SeparatorsOfLinesAndParagraphsAreUnsafeToShow) {
  EXPECT_TRUE(is_unsafe_code_point(U'\u2028'));
  EXPECT_TRUE(is_unsafe_code_point(U'\u2029'));
}

TEST(Text, WhatReordersTextIsUnsafeToShow) {
  for (const char32_t code :
       {U'\u061c', U'\u200e', U'\u200f', U'\u202a', U'\u202e', U'\u2066', U'\u2069', U'\ufeff'})
    EXPECT_TRUE(is_unsafe_code_point(code)) << std::uint32_t{code};
}

TEST(Text, LettersOfAnyScriptAreSafeToShow) {
  for (const char32_t code : {U' ', U'~', U'\u00a0', U'ü', U'ש', U'漢', U'\u200d', U'🙂'})
    EXPECT_FALSE(is_unsafe_code_point(code)) << std::uint32_t{code};
}

}  // namespace
}  // namespace forgelink
