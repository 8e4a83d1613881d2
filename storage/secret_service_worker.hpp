// SPDX-License-Identifier: MIT
// A worker thread with the calls to the Secret Service that run on it. A call that was given up leaves a
// worker that may still be busy with it.
//
// Created and destroyed on the loop.
#pragma once

#include "base/worker_thread.hpp"
#include "storage/secret_service_calls.hpp"

namespace forgelink {

struct SecretServiceWorker {
  explicit SecretServiceWorker(const std::string& registry)
      : calls(std::make_shared<SecretServiceCalls>(registry)) {}

  // The answer of `call(calls, stop)`, or nothing after `limit`.
  template <class Call>
  auto run(Call call, Milliseconds limit)
      -> awaitable<std::optional<std::invoke_result_t<Call&, SecretServiceCalls&, std::stop_token>>> {
    auto work = [calls = calls, call = std::move(call)](std::stop_token stop) mutable {
      return call(*calls, stop);
    };
    auto result = co_await thread.run(std::move(work), limit);
    co_return result;
  }

  std::shared_ptr<SecretServiceCalls> calls;
  WorkerThread thread;
};

}  // namespace forgelink
