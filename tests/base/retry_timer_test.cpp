// SPDX-License-Identifier: MIT
#include "base/retry_timer.hpp"

#include <gtest/gtest.h>

#include "tests/support/loop.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;

class RetryTimerTest : public testing::Test {
 protected:
  awaitable<bool> attempt() {
    ++attempts_;
    if (slow_) co_await sleep_for(10ms);
    co_return attempts_ >= done_at_;
  }
  RetryTimer::Attempt attempts() {
    return [this] { return attempt(); };
  }
  void pass(Milliseconds time) {
    auto wait = [](Milliseconds how_long) -> awaitable<int> {
      co_await sleep_for(how_long);
      co_return 0;
    };
    loop_.run(wait(time));
  }

  Loop loop_;
  int attempts_ = 0, done_at_ = 1;
  bool slow_ = false;
};

TEST_F(RetryTimerTest, TriesUntilItIsDone) {
  done_at_ = 3;
  RetryTimer retry(loop_.executor(), attempts(), {.first = 1ms, .longest = 5ms});
  retry.start();
  EXPECT_TRUE(retry.is_waiting());
  pass(50ms);
  EXPECT_EQ(attempts_, 3);
  EXPECT_FALSE(retry.is_waiting());
}

TEST_F(RetryTimerTest, WaitsLongerEachTime) {
  done_at_ = 1'000'000;
  RetryTimer retry(loop_.executor(), attempts(), {.first = 4ms, .longest = 1s});
  retry.start();
  pass(100ms);
  EXPECT_GE(attempts_, 3);
  EXPECT_LE(attempts_, 5);
}

TEST_F(RetryTimerTest, TriesAtOnceWhenToldSo) {
  done_at_ = 2;
  RetryTimer retry(loop_.executor(), attempts(), {.first = 1h, .longest = 1h});
  retry.start();
  retry.start_now();
  pass(5ms);
  EXPECT_EQ(attempts_, 1);
  retry.start_now();
  pass(5ms);
  EXPECT_EQ(attempts_, 2);
}

TEST_F(RetryTimerTest, WhatIsStartedDuringAnAttemptMakesOneMore) {
  slow_ = true;
  RetryTimer retry(loop_.executor(), attempts(), {.first = 1h, .longest = 1h});
  retry.start_now();
  pass(2ms);
  retry.start_now();
  pass(50ms);
  EXPECT_EQ(attempts_, 2);
}

TEST_F(RetryTimerTest, WhatIsStartedAnewDoesNotWaitForTheLongDelay) {
  done_at_ = 1'000'000;
  RetryTimer retry(loop_.executor(), attempts(), {.first = 20ms, .longest = 1h});
  retry.start();
  pass(150ms);  // attempts after 20, 60 and 140 ms; the next one would be after 300
  const int before = attempts_;
  retry.start();
  pass(50ms);
  EXPECT_EQ(attempts_, before + 1);
}

TEST_F(RetryTimerTest, MakesNoAttemptAfterItsEnd) {
  {
    RetryTimer retry(loop_.executor(), attempts(), {.first = 2ms, .longest = 2ms});
    retry.start();
  }
  pass(10ms);
  EXPECT_EQ(attempts_, 0);
}

}  // namespace
}  // namespace forgelink
