// SPDX-License-Identifier: MIT
#include "storage/connection_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace forgelink {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Connection indexed(std::string name, std::string type = "github") {
  return {.id = ConnectionId::make(), .name = std::move(name), .type = std::move(type)};
}

std::vector<std::string> names(const std::vector<const Connection*>& page) {
  std::vector<std::string> names;
  for (const Connection* one : page) names.push_back(one->name);
  return names;
}

TEST(ConnectionIndex, APageIsByNameWhateverTheOrderOfMaking) {
  ConnectionIndex index;
  for (const char* name : {"c", "A", "b"}) index.keep(indexed(name));
  EXPECT_THAT(names(index.page("", 10, "")), ElementsAre("A", "b", "c"));
  EXPECT_THAT(names(index.page("a", 1, "")), ElementsAre("b"));
  EXPECT_THAT(index.page("c", 10, ""), IsEmpty());
}

TEST(ConnectionIndex, FilledAtOnceItIsAsIfFilledOneByOne) {
  ConnectionIndex index;
  std::vector<Connection> rows = {indexed("c"), indexed("A", "gitlab"), indexed("b")};
  auto next = rows.begin();
  index.fill([&](Connection& row) {
    if (next == rows.end()) return false;
    row = *next++;
    return true;
  });
  EXPECT_EQ(index.size(), 3u);
  EXPECT_THAT(names(index.page("", 10, "")), ElementsAre("A", "b", "c"));
  EXPECT_THAT(names(index.page("", 10, "github")), ElementsAre("b", "c"));
  for (const Connection& row : rows) EXPECT_EQ(*index.find(row.id), row);
  EXPECT_EQ(*index.find_by_name("a"), rows[1]);
}

TEST(ConnectionIndex, AnOlderIdThanTheOthersIsFoundAsWell) {
  ConnectionIndex index;
  const Connection older = indexed("older"), newer = indexed("newer");
  index.keep(newer);
  index.keep(older);
  EXPECT_EQ(*index.find(older.id), older);
  EXPECT_EQ(*index.find(newer.id), newer);
}

TEST(ConnectionIndex, ANewNameTakesThePlaceOfTheFormer) {
  ConnectionIndex index;
  Connection one = indexed("one");
  index.keep(one);
  const Connection* place = std::as_const(index).find(one.id);
  one.name = "another";
  index.keep(one);
  EXPECT_EQ(index.size(), 1u);
  EXPECT_EQ(index.find_by_name("one"), nullptr);
  EXPECT_EQ(index.find_by_name("another"), place);
  EXPECT_THAT(names(index.page("", 10, "github")), ElementsAre("another"));
}

TEST(ConnectionIndex, WhatIsForgottenIsNowhere) {
  ConnectionIndex index;
  const Connection one = indexed("one"), other = indexed("other", "gitlab");
  index.keep(one);
  index.keep(other);
  index.forget(other.id);
  index.forget(ConnectionId::make());
  EXPECT_EQ(index.find(other.id), nullptr);
  EXPECT_EQ(index.find_by_name("other"), nullptr);
  EXPECT_EQ(index.count("gitlab"), 0u);
  EXPECT_THAT(index.page("", 10, "gitlab"), IsEmpty());
  EXPECT_EQ(index.count(""), 1u);
}

}  // namespace
}  // namespace forgelink
