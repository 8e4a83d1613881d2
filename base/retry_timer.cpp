// SPDX-License-Identifier: MIT
#include "base/retry_timer.hpp"

#include <algorithm>
#include <utility>

namespace forgelink {

struct RetryTimer::State {
  State(const asio::any_io_executor& loop, Attempt work, Delays between)
      : executor(loop), attempt(std::move(work)), delays(between), timer(loop) {}

  asio::any_io_executor executor;
  Attempt attempt;
  Delays delays;
  asio::steady_timer timer;
  Milliseconds delay{0};
  bool running = false, at_once = false, shortened = false, over = false;
};

RetryTimer::RetryTimer(asio::any_io_executor executor, Attempt attempt, Delays delays)
    : state_(std::make_shared<State>(executor, std::move(attempt), delays)) {}

RetryTimer::~RetryTimer() {
  state_->over = true;
  state_->timer.cancel();
}

void RetryTimer::start() { begin(state_->delays.first); }

void RetryTimer::start_now() { begin(Milliseconds(0)); }

bool RetryTimer::is_waiting() const { return state_->running; }

void RetryTimer::begin(Milliseconds delay) {
  if (state_->running) {
    if (delay.count() == 0) {
      // Ends the wait; an attempt that is under way makes one more when it has finished.
      state_->at_once = true;
      state_->timer.cancel();
    } else if (state_->delay > delay) {
      // What is new does not wait as long as what has failed often.
      state_->shortened = true;
      state_->delay = delay;
      state_->timer.cancel();
    }
    return;
  }
  state_->running = true;
  state_->delay = delay;
  spawn(state_->executor, run(state_));
}

// Static, on a shared state: the RetryTimer may be destroyed during an attempt.
awaitable<> RetryTimer::run(std::shared_ptr<State> state) {
  while (!state->over) {
    if (state->delay.count() > 0 && !state->at_once) {
      state->shortened = false;
      state->timer.expires_after(state->delay);
      boost::system::error_code woken;
      co_await state->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      if (state->over) co_return;
      if (std::exchange(state->shortened, false) && !state->at_once) continue;
    }
    state->at_once = false;
    const bool done = co_await state->attempt();
    // What was asked for during the attempt may have come too late for it.
    if (done && !state->at_once) break;
    const Milliseconds next = state->delay.count() == 0 ? state->delays.first : state->delay * 2;
    state->delay = std::min(next, state->delays.longest);
  }
  state->running = false;
}

}  // namespace forgelink
