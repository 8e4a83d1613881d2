// SPDX-License-Identifier: MIT
#include "base/secret.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <type_traits>
#include <vector>

#include "base/locked_memory.hpp"

namespace forgelink {
namespace {

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);

TEST(Secret, HoldsItsTextAndGivesItUpWhenMoved) {
  Secret first("ghp_example");
  EXPECT_EQ(first.reveal(), "ghp_example");
  const Secret second = std::move(first);
  EXPECT_TRUE(first.empty());
  EXPECT_EQ(second.reveal(), "ghp_example");
  EXPECT_TRUE(second.duplicate().equals(second));
}

TEST(Secret, EqualityLooksAtEveryByte) {
  const Secret secret("abcdef");
  EXPECT_TRUE(secret.equals("abcdef"));
  EXPECT_FALSE(secret.equals("abcdeg"));
  EXPECT_FALSE(secret.equals("abcde"));
  EXPECT_FALSE(secret.equals(""));
}

TEST(Secret, ItsMemoryIsWipedBeforeItIsUsedAgain) {
  const std::string text(300, 'k');
  const char* was = nullptr;
  {
    Secret secret(text);
    was = secret.reveal().data();
  }
  // The pool hands the same block out again; what it holds then is the pool's own link, not the secret.
  Secret again = Secret::of_size(300, [](char*) {});
  ASSERT_EQ(again.reveal().data(), was);
  EXPECT_EQ(again.reveal().substr(16).find('k'), std::string_view::npos);
}

TEST(Secret, ManyOfManySizesLiveSideBySide) {
  std::vector<Secret> secrets;
  for (std::size_t size = 1; size < 16 * 1024; size = size * 2 + 1)
    secrets.emplace_back(std::string(size, 'x'));
  for (const Secret& secret : secrets) EXPECT_EQ(secret.reveal(), std::string(secret.size(), 'x'));
}

}  // namespace
}  // namespace forgelink
