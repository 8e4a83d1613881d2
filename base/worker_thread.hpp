// SPDX-License-Identifier: MIT
// A thread of its own for calls that block: a keyring that asks a person, a resolver that waits for a
// network.
//
// `run` starts `work` on the worker and awaits it on the loop, but never longer than `limit`: then the work
// is asked to stop through its stop_token, its result is thrown away when it comes, and the answer is
// nothing. The thread starts with the first call. Calls of one worker run one after the other; an abandoned
// call blocks its own worker and no other.
//
//   auto work = [path](std::stop_token stop) -> Result<Secret> { ... };
//   std::optional<Result<Secret>> got = co_await worker.run(std::move(work), 3s);
//
// Created and destroyed on the loop. The destructor waits for the call that is running (which has been told
// to stop).
#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <optional>
#include <stop_token>

#include "base/async.hpp"

namespace forgelink {

class WorkerThread {
 public:
  WorkerThread() = default;
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

  ~WorkerThread() {
    stop_all_.request_stop();
    if (pool_) pool_->join();
  }

  template <class Work>
  auto run(Work work, Milliseconds limit)
      -> awaitable<std::optional<std::invoke_result_t<Work&, std::stop_token>>> {
    using Value = std::invoke_result_t<Work&, std::stop_token>;
    struct Call {
      Call(const asio::any_io_executor& executor, Work&& w) : done(executor), work(std::move(w)) {}
      asio::steady_timer done;
      Work work;
      std::optional<Value> value;
      std::stop_source stop;
    };

    auto executor = co_await asio::this_coro::executor;
    auto call = std::make_shared<Call>(executor, std::move(work));
    if (!pool_) pool_.emplace(1);
    call->done.expires_after(limit);
    asio::post(*pool_, [call, executor, stop = call->stop, all = stop_all_.get_token()]() mutable {
      std::stop_callback also_stop(all, [&stop] { stop.request_stop(); });
      auto value = std::make_shared<Value>(call->work(stop.get_token()));
      // The loop must keep running until the answer is in, hence the tracked work of post().
      asio::post(executor, [call = std::move(call), value = std::move(value)] {
        call->value.emplace(std::move(*value));
        call->done.cancel();
      });
    });
    boost::system::error_code finished;
    co_await call->done.async_wait(asio::redirect_error(asio::use_awaitable, finished));
    if (!call->value) call->stop.request_stop();
    co_return std::move(call->value);
  }

 private:
  std::optional<asio::thread_pool> pool_;
  std::stop_source stop_all_;
};

}  // namespace forgelink
