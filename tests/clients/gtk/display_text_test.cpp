// SPDX-License-Identifier: MIT
#include "clients/gtk/display_text.hpp"

#include <gtest/gtest.h>

namespace forgelink::gtk {
namespace {

TEST(DisplayText, LeavesOrdinaryTextOfAnyScript) {
  EXPECT_EQ(display_text("Ünïcödé שלום 漢字 🙂"), "Ünïcödé שלום 漢字 🙂");
}

TEST(DisplayText, ReplacesWhatReordersTheTextAroundIt) {
  for (const char* mark : {"\u202e", "\u202a", "\u2066", "\u2069", "\u200f", "\u061c", "\ufeff"})
    EXPECT_EQ(display_text(std::string("a") + mark + "b"), "a\ufffdb");
}

TEST(DisplayText, ReplacesControlCharactersAndJoinsLines) {
  EXPECT_EQ(display_text("a\x1b[31mb\u0085c"), "a\ufffd[31mb\ufffdc");
  EXPECT_EQ(display_text("a\nb\tc"), "a b c");
}

TEST(DisplayText, ReplacesSeparatorsOfLinesAndParagraphs) {
  EXPECT_EQ(display_text("a\u2028b\u2029c"), "a\ufffdb\ufffdc");
}

TEST(DisplayText, MendsWhatIsNotUtf8) { EXPECT_EQ(display_text("a\xff"), "a\ufffd"); }

}  // namespace
}  // namespace forgelink::gtk
