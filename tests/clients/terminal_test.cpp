// SPDX-License-Identifier: MIT
#include "clients/cli/terminal.hpp"

#include <gtest/gtest.h>

#include "clients/cli/table.hpp"

namespace forgelink::cli {
namespace {

TEST(Terminal, TextFromElsewhereCannotSteerIt) {
  EXPECT_EQ(clean("plain ünïcödé ✓"), "plain ünïcödé ✓");
  for (const char* text :
       {"\x1b[31m", "\u009b31m", "\u202e", "\x07", "\x7f", "\u2066", "\u061c", "\u2028", "\u2029", "\xff"}) {
    const std::string shown = clean(text);
    EXPECT_EQ(shown.find('\x1b'), std::string::npos);
    EXPECT_NE(shown.find("\ufffd"), std::string::npos) << shown;
  }
  EXPECT_EQ(clean("a\nb\tc"), "a b c");
}

TEST(Table, ColumnsStandBelowEachOtherWhateverTheirWidth) {
  Table table({"NAME", "TYPE"});
  table.add({"日本", "x"});
  table.add({"longer name", "y"});
  EXPECT_EQ(table.text(), "NAME         TYPE\n日本         x\nlonger name  y\n");
}

}  // namespace
}  // namespace forgelink::cli
