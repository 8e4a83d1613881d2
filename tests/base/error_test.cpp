// SPDX-License-Identifier: MIT
#include "base/error.hpp"

#include <gtest/gtest.h>

#include <set>

namespace forgelink {
namespace {

TEST(Error, EveryKindHasANameOfItsOwnThatLeadsBackToIt) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Errc::internal); ++i) {
    const auto code = static_cast<Errc>(i);
    EXPECT_TRUE(names.insert(kind(code)).second) << kind(code);
    EXPECT_EQ(errc_of(kind(code)), code);
  }
  EXPECT_FALSE(errc_of("no_such_kind"));
}

}  // namespace
}  // namespace forgelink
