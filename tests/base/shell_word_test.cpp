// SPDX-License-Identifier: MIT
#include "base/shell_word.hpp"

#include <gtest/gtest.h>

namespace forgelink {
namespace {

TEST(ShellWord, WhatTheShellTakesAsItIsStaysAsItIs) {
  for (const char* word :
       {"Work", "a-b_c.d", "/usr/bin/git-credential-forgelink", "https://git.example:8443", "Büro"})
    EXPECT_EQ(quoted(word), word);
}

TEST(ShellWord, EverythingElseStandsInQuotes) {
  EXPECT_EQ(quoted(""), "''");
  EXPECT_EQ(quoted("My work"), "'My work'");
  EXPECT_EQ(quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(quoted("$(reboot)"), "'$(reboot)'");
  EXPECT_EQ(quoted("~"), "'~'");
}

}  // namespace
}  // namespace forgelink
