// SPDX-License-Identifier: MIT
#include "base/worker_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/loop.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;

TEST(WorkerThread, WorkRunsOnAnotherThreadAndItsResultComesBack) {
  Loop loop;
  WorkerThread worker;
  auto work = [](std::stop_token) { return std::this_thread::get_id(); };
  const auto result = loop.run(worker.run(work, 5s));
  ASSERT_TRUE(result);
  EXPECT_NE(*result, std::this_thread::get_id());
}

TEST(WorkerThread, WorkOverItsLimitIsAskedToStopAndGivesNothing) {
  Loop loop;
  WorkerThread worker;
  auto stopped = std::make_shared<std::atomic<bool>>(false);
  auto work = [stopped](std::stop_token stop) {
    while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
    *stopped = true;
    return 1;
  };
  EXPECT_FALSE(loop.run(worker.run(work, 20ms)));
  auto next = [](std::stop_token) { return 2; };
  EXPECT_EQ(loop.run(worker.run(next, 5s)), 2);
  EXPECT_TRUE(*stopped);
}

TEST(Signal, WakesWhoeverWaitsAndTellsWhoWaitedTooLong) {
  Loop loop;
  Signal signal;
  EXPECT_FALSE(loop.run(signal.wait(5ms)));
  asio::steady_timer soon(loop.context(), 5ms);
  soon.async_wait([&](boost::system::error_code) { signal.notify(); });
  EXPECT_TRUE(loop.run(signal.wait(5s)));
}

}  // namespace
}  // namespace forgelink
