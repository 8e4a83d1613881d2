// SPDX-License-Identifier: MIT
// Coroutines on one io_context and one thread. What may block runs on a WorkerThread
// (base/worker_thread.hpp).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <list>

namespace forgelink {

namespace asio = boost::asio;

template <class T = void>
using awaitable = asio::awaitable<T>;

using Milliseconds = std::chrono::milliseconds;

// Sleeps that long, or until the coroutine is cancelled.
awaitable<> sleep_for(Milliseconds duration);

// Runs a coroutine by itself. An exception that leaves it is a bug and leaves io_context::run().
void spawn(asio::any_io_executor executor, awaitable<> work);

// Wakes coroutines: whoever waits goes on when somebody notifies. Used on the loop's thread only; must
// outlive its waiters.
class Signal {
 public:
  // Until the next notify(); false if `limit` passed first.
  awaitable<bool> wait(Milliseconds limit = Milliseconds::max());
  void notify();

 private:
  std::list<asio::steady_timer*> waiting_;
};

}  // namespace forgelink
