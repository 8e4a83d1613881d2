// SPDX-License-Identifier: MIT
#include "base/async.hpp"

#include <boost/asio/error.hpp>
#include <exception>
#include <memory>

namespace forgelink {

awaitable<> sleep_for(Milliseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.expires_after(duration);
  boost::system::error_code cancelled;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

void spawn(asio::any_io_executor executor, awaitable<> work) {
  asio::co_spawn(executor, std::move(work), [](std::exception_ptr failed) {
    if (failed) std::rethrow_exception(failed);
  });
}

awaitable<bool> Signal::wait(Milliseconds limit) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  if (limit == Milliseconds::max()) {
    // Now plus the longest duration would overflow.
    timer.expires_at(std::chrono::steady_clock::time_point::max());
  } else {
    timer.expires_after(limit);
  }
  const auto place = waiting_.insert(waiting_.end(), &timer);
  // Also when the coroutine is destroyed while it waits.
  const auto leave = [this](auto* at) { waiting_.erase(*at); };
  const std::unique_ptr<const std::list<asio::steady_timer*>::iterator, decltype(leave)> on_exit(&place,
                                                                                                 leave);

  boost::system::error_code woken;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  // Nobody but notify() cancels the timer; at the limit it ends without an error.
  co_return woken == asio::error::operation_aborted;
}

void Signal::notify() {
  // cancel() only queues the handlers, so no waiter leaves the list while it is walked.
  for (asio::steady_timer* timer : waiting_) timer->cancel();
}

}  // namespace forgelink
