// SPDX-License-Identifier: MIT
// Tries something again and again, with exponential back-off, until it says that it is done.
//
//   RetryTimer retry(executor, [this] { return clear_away(); }, {.first = 1s, .longest = 5min});
//   retry.start();        // the first attempt after `first`, then twice as long each time
//   retry.start_now();    // at once: what stood in the way may have gone
//
// One attempt at a time. What is started while it waits shortens the wait to `first`; what is started now
// while an attempt is under way makes one more. Used on the event loop only; an attempt
// may outlive the RetryTimer, so REQUIRES: what the attempt uses lives as long as the loop runs.
#pragma once

#include <functional>
#include <memory>

#include "base/async.hpp"

namespace forgelink {

class RetryTimer {
 public:
  // Returns true when there is nothing left to do.
  using Attempt = std::function<awaitable<bool>()>;
  struct Delays {
    Milliseconds first, longest;
  };

  RetryTimer(asio::any_io_executor executor, Attempt attempt, Delays delays);
  ~RetryTimer();
  RetryTimer(const RetryTimer&) = delete;

  void start();
  void start_now();
  bool is_waiting() const;

 private:
  struct State;
  static awaitable<> run(std::shared_ptr<State> state);
  void begin(Milliseconds delay);

  std::shared_ptr<State> state_;
};

}  // namespace forgelink
