// SPDX-License-Identifier: MIT
#include "ipc/out_buffer.hpp"

#include <gtest/gtest.h>

namespace forgelink::ipc {
namespace {

using Kind = OutBuffer::Kind;

TEST(OutBuffer, GivesBackWhatWasAppendedInOrder) {
  OutBuffer buffer;
  buffer.append("one\n", Kind::answer);
  buffer.append("two\n", Kind::event);
  EXPECT_EQ(buffer.front(), "one\ntwo\n");
  buffer.consume(2);
  EXPECT_EQ(buffer.front(), "e\ntwo\n");
  buffer.append("three\n", Kind::answer);
  EXPECT_EQ(buffer.front(), "e\ntwo\nthree\n");
  buffer.consume(buffer.size());
  EXPECT_TRUE(buffer.empty());
}

TEST(OutBuffer, CountsTheEventsThatWait) {
  OutBuffer buffer;
  buffer.append(std::string(100, 'a'), Kind::answer);
  buffer.append(std::string(10, 'e'), Kind::event);
  EXPECT_EQ(buffer.event_bytes(), 10u);
  buffer.consume(104);
  EXPECT_EQ(buffer.event_bytes(), 6u);
  buffer.consume(6);
  EXPECT_EQ(buffer.event_bytes(), 0u);
}

TEST(OutBuffer, TakesOverAnotherWithItsKinds) {
  OutBuffer first, second;
  first.append("a", Kind::answer);
  second.append("ee", Kind::event);
  second.append("b", Kind::answer);
  first.append(second);
  EXPECT_EQ(first.front(), "aeeb");
  EXPECT_EQ(first.event_bytes(), 2u);
}

TEST(OutBuffer, StaysInOrderWhileMuchIsWrittenInSmallPieces) {
  OutBuffer buffer;
  std::string expected, got;
  for (int i = 0; i < 4000; ++i) {
    const std::string line = std::to_string(i) + std::string(100, 'x') + "\n";
    expected += line;
    buffer.append(line, i % 3 == 0 ? Kind::event : Kind::answer);
    const std::size_t some = std::min<std::size_t>(buffer.size(), 90);
    got += buffer.front().substr(0, some);
    buffer.consume(some);
  }
  got += buffer.front();
  buffer.consume(buffer.size());
  EXPECT_EQ(got, expected);
  EXPECT_EQ(buffer.event_bytes(), 0u);
}

}  // namespace
}  // namespace forgelink::ipc
