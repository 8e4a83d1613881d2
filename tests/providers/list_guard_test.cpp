// SPDX-License-Identifier: MIT
#include "providers/list_guard.hpp"

#include <gtest/gtest.h>

namespace forgelink {
namespace {

TEST(ListGuard, EndsAListThatComesBackToAnAddress) {
  ListGuard guard;
  EXPECT_TRUE(guard.may_go_on("https://h/1", false));
  EXPECT_TRUE(guard.may_go_on("https://h/2", false));
  EXPECT_FALSE(guard.may_go_on("https://h/1", false));
}

TEST(ListGuard, EndsAListWhosePagesStayEmpty) {
  ListGuard guard;
  int pages = 0;
  while (guard.may_go_on("https://h/" + std::to_string(pages), true)) ++pages;
  EXPECT_EQ(pages, 99);
}

TEST(ListGuard, AnItemNowAndThenKeepsALongListGoing) {
  ListGuard guard;
  for (int page = 0; page < 1000; ++page) EXPECT_TRUE(guard.may_go_on(std::to_string(page), page % 50 != 0));
}

}  // namespace
}  // namespace forgelink
