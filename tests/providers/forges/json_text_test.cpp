// SPDX-License-Identifier: MIT
#include "providers/forges/json_text.hpp"

#include <gtest/gtest.h>

namespace forgelink::forges {
namespace {

boost::system::error_code trouble_with(const std::string& text) {
  boost::system::error_code wrong;
  (void)parse_json(text, wrong);
  return wrong;
}

TEST(ParseJson, SkipsAByteOrderMark) {
  boost::system::error_code wrong;
  EXPECT_EQ(parse_json("\xef\xbb\xbf[1]", wrong), (boost::json::array{1}));
  EXPECT_FALSE(wrong);
}

TEST(ParseJson, RefusesMoreValuesThanMemoryShouldHold) {
  std::string many = "[";
  for (int i = 0; i < 600'000; ++i) many += "[],";
  EXPECT_EQ(trouble_with(many + "[]]"), boost::json::error::array_too_large);
}

TEST(ParseJson, TakesALongTextOfFewValues) {
  EXPECT_FALSE(trouble_with("[\"" + std::string(2'000'000, ',') + "\\\",[\"]"));
}

TEST(ParseJson, RefusesWhatIsNoJson) { EXPECT_TRUE(trouble_with("<html>")); }

}  // namespace
}  // namespace forgelink::forges
