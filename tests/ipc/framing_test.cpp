// SPDX-License-Identifier: MIT
#include "ipc/framing.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace forgelink::ipc {
namespace {

std::vector<std::string> lines_of(LineBuffer& buffer) {
  std::vector<std::string> lines;
  while (const auto line = buffer.next()) lines.emplace_back(*line);
  return lines;
}

TEST(LineBuffer, CutsTheSameLinesWhereverTheStreamIsSplit) {
  const std::string stream = "one\ntwo\n\nfour and more\nrest";
  const std::vector<std::string> expected = {"one", "two", "", "four and more"};
  for (std::size_t first = 0; first <= stream.size(); ++first) {
    for (std::size_t second = first; second <= stream.size(); ++second) {
      LineBuffer buffer(100);
      std::vector<std::string> lines;
      for (const auto& piece :
           {stream.substr(0, first), stream.substr(first, second - first), stream.substr(second)}) {
        buffer.append(piece);
        for (std::string& line : lines_of(buffer)) lines.push_back(std::move(line));
      }
      ASSERT_EQ(lines, expected) << first << " " << second;
      ASSERT_EQ(buffer.rest(), "rest");
    }
  }
}

TEST(LineBuffer, ALineMayBeAsLongAsAllowedAndNoLonger) {
  LineBuffer fits(10);
  fits.append("0123456789\n");
  EXPECT_EQ(fits.next(), "0123456789");
  EXPECT_FALSE(fits.too_long());

  LineBuffer whole(10);
  whole.append("0123456789A\n");
  EXPECT_FALSE(whole.next());
  EXPECT_TRUE(whole.too_long());

  LineBuffer endless(10);
  endless.append("0123456789A");
  EXPECT_FALSE(endless.next());
  EXPECT_TRUE(endless.too_long());
}

}  // namespace
}  // namespace forgelink::ipc
