// SPDX-License-Identifier: MIT
#include "daemon/tokens/token_pair.hpp"

#include <gtest/gtest.h>

namespace forgelink {
namespace {

TEST(TokenPair, AStoredPairGivesBackItsTwoHalves) {
  const TokenPair pair{.access = Secret("a"), .refresh = Secret("r")};
  const SharedSecret stored = stored_form(pair);
  EXPECT_EQ(access_of(stored)->reveal(), "a");
  EXPECT_EQ(refresh_of(*stored)->reveal(), "r");
}

TEST(TokenPair, ATokenAloneIsStoredAsItself) {
  const TokenPair pair{.access = Secret("a")};
  EXPECT_EQ(stored_form(pair)->reveal(), "a");
  EXPECT_TRUE(refresh_of(*stored_form(pair))->empty());
}

TEST(TokenPair, AnEmptyRefreshTokenStaysEmpty) {
  const TokenPair pair{.access = Secret("a"), .refresh = Secret("")};
  EXPECT_EQ(access_of(stored_form(pair))->reveal(), "a");
  EXPECT_TRUE(refresh_of(*stored_form(pair))->empty());
}

}  // namespace
}  // namespace forgelink
