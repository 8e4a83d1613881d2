// SPDX-License-Identifier: MIT
#include "daemon/lists/page_cache.hpp"

#include <gtest/gtest.h>

#include "tests/support/loop.hpp"

namespace forgelink {
namespace {

PageCache::SharedPage page_of(std::size_t count, bool whole) {
  auto page = std::make_shared<Page<Repository>>();
  page->items.resize(count);
  page->whole = whole;
  return page;
}

TEST(PageCache, AWholeListIsFoundFromEveryPlaceInItByAllWhoAreInTheMiddleOfIt) {
  Loop loop;
  PageCache kept(loop.executor());
  const Connection one{.id = ConnectionId::make()}, two{.id = ConnectionId::make()};
  const auto list = page_of(10, true);
  kept.keep(one, "", list);
  kept.keep(two, "", page_of(10, true));
  EXPECT_EQ(kept.find(one, "a"), list);
  EXPECT_EQ(kept.find(one, "b"), list);
  EXPECT_NE(kept.find(two, "a"), nullptr);
  EXPECT_NE(kept.find(two, "a"), list);
  kept.keep(one, "", page_of(5, true));
  EXPECT_EQ(kept.repositories(), 15u);
}

TEST(PageCache, APageIsFoundByItsPlaceAlone) {
  Loop loop;
  PageCache kept(loop.executor());
  const Connection one{.id = ConnectionId::make()};
  kept.keep(one, "a", page_of(10, false));
  EXPECT_NE(kept.find(one, "a"), nullptr);
  EXPECT_EQ(kept.find(one, "b"), nullptr);
}

TEST(PageCache, TheFirstPageOfManyAnswersNoOtherPlace) {
  Loop loop;
  PageCache kept(loop.executor());
  const Connection one{.id = ConnectionId::make()};
  const auto first = page_of(10, false), second = page_of(10, false);
  kept.keep(one, "", first);
  kept.keep(one, "b", second);
  EXPECT_EQ(kept.find(one, ""), first);
  EXPECT_EQ(kept.find(one, "b"), second);
  EXPECT_EQ(kept.find(one, "c"), nullptr);
}

TEST(PageCache, ManySmallPagesAreBoundedToo) {
  Loop loop;
  PageCache kept(loop.executor());
  const Connection one{.id = ConnectionId::make()};
  for (int i = 0; i < 100; ++i) kept.keep(one, std::to_string(i), page_of(1, false));
  EXPECT_EQ(kept.repositories(), 64u);
  EXPECT_EQ(kept.find(one, "0"), nullptr);
  EXPECT_NE(kept.find(one, "99"), nullptr);
}

TEST(PageCache, AChangedConnectionFindsNothing) {
  Loop loop;
  PageCache kept(loop.executor());
  Connection one{.id = ConnectionId::make()};
  kept.keep(one, "", page_of(10, true));
  one.updated_at += std::chrono::seconds(1);
  EXPECT_EQ(kept.find(one, "a"), nullptr);
  kept.keep(one, "", page_of(5, true));
  EXPECT_EQ(kept.repositories(), 5u);
}

TEST(PageCache, AllTogetherAreBoundedAndTheLastOneOfUseStays) {
  Loop loop;
  PageCache kept(loop.executor());
  Connection last;
  for (int i = 0; i < 50; ++i) {
    last = Connection{.id = ConnectionId::make()};
    kept.keep(last, "", page_of(8'000, true));
    EXPECT_LE(kept.repositories(), 20'000u);
  }
  EXPECT_NE(kept.find(last, "a"), nullptr);
  kept.keep(last, "", page_of(30'000, true));
  EXPECT_EQ(kept.repositories(), 30'000u) << "one alone may have more";
}

}  // namespace
}  // namespace forgelink
