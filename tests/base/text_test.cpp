// SPDX-License-Identifier: MIT
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

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

TEST(Text, WhatIsUtf8StaysAsItIs) {
  const std::vector<std::string> texts = {"", "octo-dev", "Grüße, 漢字 🙂", "\xed\x9f\xbf\xee\x80\x80"};
  for (const std::string& text : texts) {
    EXPECT_TRUE(is_utf8(text)) << text;
    EXPECT_EQ(with_utf8_mended(text), text);
  }
}

TEST(Text, EachByteThatIsNoUtf8BecomesAReplacementCharacter) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"\xff", "\ufffd"},
      {"abcdefgh\xff", "abcdefgh\ufffd"},
      {"a\xc3", "a\ufffd"},
      {"\xc3(", "\ufffd("},
      {"\xc0\xaf", "\ufffd\ufffd"},
      {"\xed\xa0\x80ü", "\ufffd\ufffd\ufffdü"},
      {"\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"},
      {"/home/me/\xe9t\xe9/tool", "/home/me/\ufffdt\ufffd/tool"}};
  for (const auto& [text, mended] : cases) {
    EXPECT_FALSE(is_utf8(text)) << mended;
    EXPECT_EQ(with_utf8_mended(text), mended);
  }
}

}  // namespace
}  // namespace forgelink
