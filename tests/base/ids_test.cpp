// SPDX-License-Identifier: MIT
#include "base/ids.hpp"

#include <gtest/gtest.h>

namespace forgelink {
namespace {

TEST(Ids, AnIdIsAVersion7UuidThatReadsBack) {
  const ConnectionId id = ConnectionId::make();
  EXPECT_EQ(id.text().size(), 36u);
  EXPECT_EQ(id.text()[14], '7');
  EXPECT_EQ(ConnectionId::parse(id.text()), id);
}

TEST(Ids, OtherSpellingsAreNoIds) {
  const std::string text = ConnectionId::make().text();
  EXPECT_FALSE(ConnectionId::parse("{" + text + "}"));
  EXPECT_FALSE(ConnectionId::parse(text.substr(1)));
  EXPECT_FALSE(ConnectionId::parse("Work"));
  EXPECT_FALSE(ConnectionId::parse("0190F3C2-0000-7000-8000-00000000000A"));
  EXPECT_FALSE(ConnectionId::parse("0190f3c2000070008000-00000000000a-00"));
  EXPECT_FALSE(ConnectionId::parse("0190f3c2-0000-7000-8000-00000000000g"));
  EXPECT_FALSE(ConnectionId::parse("0190f3c2-0000-7000-8000-0000-000000a"));
}

}  // namespace
}  // namespace forgelink
