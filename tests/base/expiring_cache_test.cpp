// SPDX-License-Identifier: MIT
#include "base/expiring_cache.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "tests/support/loop.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;

class ExpiringCacheTest : public testing::Test {
 protected:
  using Cache = ExpiringCache<int, std::string>;

  void pass(Milliseconds time) {
    auto wait = [](Milliseconds how_long) -> awaitable<int> {
      co_await sleep_for(how_long);
      co_return 0;
    };
    loop_.run(wait(time));
  }
  Loop loop_;
};

TEST_F(ExpiringCacheTest, GivesBackWhatWasPutUntilItIsErased) {
  Cache cache(loop_.executor(), {});
  cache.put(1, "one", 1min);
  ASSERT_NE(cache.find(1), nullptr);
  EXPECT_EQ(*cache.find(1), "one");
  cache.put(1, "other", 1min);
  EXPECT_EQ(*cache.find(1), "other");
  EXPECT_EQ(cache.size(), 1u);
  cache.erase(1);
  EXPECT_EQ(cache.find(1), nullptr);
}

TEST_F(ExpiringCacheTest, KeepsNothingForNoTime) {
  Cache cache(loop_.executor(), {});
  cache.put(1, "one", 0ms);
  EXPECT_EQ(cache.find(1), nullptr);
}

TEST_F(ExpiringCacheTest, DropsWhatWasNotUsedForLongestWhenItIsFull) {
  Cache cache(loop_.executor(), {.most = 2});
  cache.put(1, "one", 1min);
  cache.put(2, "two", 1min);
  cache.find(1);
  cache.put(3, "three", 1min);
  EXPECT_NE(cache.find(1), nullptr);
  EXPECT_EQ(cache.find(2), nullptr);
  EXPECT_NE(cache.find(3), nullptr);
}

TEST_F(ExpiringCacheTest, KeepsOneEntryThatAloneWeighsTooMuch) {
  Cache cache(loop_.executor(), {.most = 10});
  cache.put(1, "small", 1min, 3);
  cache.put(2, "large", 1min, 100);
  EXPECT_EQ(cache.find(1), nullptr);
  EXPECT_NE(cache.find(2), nullptr);
  EXPECT_EQ(cache.weight(), 100u);
}

TEST_F(ExpiringCacheTest, AnExpiredEntryIsNotGivenOut) {
  Cache cache(loop_.executor(), {});
  cache.put(1, "one", 5ms);
  std::this_thread::sleep_for(10ms);
  EXPECT_EQ(cache.find(1), nullptr);
}

TEST_F(ExpiringCacheTest, TheTimerDropsWhatNobodyAsksFor) {
  Cache cache(loop_.executor(), {.grain = 10ms});
  cache.put(1, "one", 5ms);
  cache.put(2, "two", 1min);
  pass(40ms);
  EXPECT_EQ(cache.size(), 1u);
}

TEST_F(ExpiringCacheTest, AUseMayRenewAnEntry) {
  Cache cache(loop_.executor(), {.grain = 10ms});
  cache.put(1, "one", 30ms);
  cache.find(1, 1min);
  pass(60ms);
  EXPECT_NE(cache.find(1), nullptr);
}

TEST_F(ExpiringCacheTest, SaysWhenTheTimerHasDroppedTheLastEntry) {
  int emptied = 0;
  Cache cache(loop_.executor(), {.grain = 10ms, .emptied = [&emptied] { ++emptied; }});
  cache.put(1, "one", 5ms);
  cache.put(2, "two", 40ms);
  pass(20ms);
  EXPECT_EQ(emptied, 0);
  pass(60ms);
  EXPECT_EQ(emptied, 1);
}

TEST_F(ExpiringCacheTest, WithoutALoopEntriesExpireAndAreBoundedAllTheSame) {
  Cache cache({.most = 2});
  cache.put(1, "one", 5ms);
  cache.put(2, "two", 1min);
  std::this_thread::sleep_for(10ms);
  EXPECT_EQ(cache.find(1), nullptr);
  cache.put(3, "three", 1min);
  cache.put(4, "four", 1min);
  EXPECT_EQ(cache.find(2), nullptr);
  EXPECT_EQ(cache.size(), 2u);
}

TEST_F(ExpiringCacheTest, ErasesByPredicate) {
  Cache cache(loop_.executor(), {});
  for (int i = 0; i < 10; ++i) cache.put(i, std::to_string(i), 1min);
  cache.erase_if([](int key, const std::string&) { return key % 2 == 0; });
  EXPECT_EQ(cache.size(), 5u);
  EXPECT_EQ(cache.find(4), nullptr);
  cache.clear();
  EXPECT_EQ(cache.size(), 0u);
}

}  // namespace
}  // namespace forgelink
