// SPDX-License-Identifier: MIT
// Coalesces concurrent calls with the same key: the first caller does the work, everybody who asks meanwhile
// waits for it and gets the same result, success and failure alike.
//
//   awaitable<Result<Reply>> work = fetch(url);
//   Result<Reply> reply = co_await fetches.run(url, std::move(work));
//
// Used on the event loop only. `T` is copied to each waiter; `void` is allowed. If the work throws, its
// caller gets the exception and the waiters an error of kind `internal`, so nobody waits forever. A call that
// is under way when the SingleFlight is destroyed still ends well.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>

#include "base/async.hpp"
#include "base/result.hpp"

namespace forgelink {

template <class Key, class T = void>
class SingleFlight {
  struct Call {
    Signal done;
    std::optional<Result<T>> result;
  };
  using Calls = std::unordered_map<Key, std::shared_ptr<Call>>;

 public:
  // Awaits `work`, or the call of that key that is under way; then `work` is dropped unstarted.
  awaitable<Result<T>> run(Key key, awaitable<Result<T>> work) {
    const auto found = calls_->find(key);
    if (found != calls_->end()) {
      const std::shared_ptr<Call> call = found->second;
      while (!call->result) co_await call->done.wait();
      co_return *call->result;
    }
    Completion completion(calls_, std::move(key));
    Result<T> result = co_await std::move(work);
    completion.set(result);
    co_return result;
  }

  bool is_under_way(const Key& key) const { return calls_->contains(key); }

 private:
  // Completes the call however the work ends.
  class Completion {
   public:
    Completion(std::shared_ptr<Calls> calls, Key key)
        : calls_(std::move(calls)), key_(std::move(key)), call_(std::make_shared<Call>()) {
      calls_->emplace(key_, call_);
    }
    Completion(const Completion&) = delete;
    ~Completion() {
      if (!call_->result)
        call_->result.emplace(Error{.code = Errc::internal, .message = "The operation did not finish."});
      calls_->erase(key_);
      call_->done.notify();
    }
    // Copied only if somebody waits for it: a result may be a body of megabytes.
    void set(const Result<T>& result) {
      if (call_.use_count() > 2) call_->result.emplace(result);
    }

   private:
    std::shared_ptr<Calls> calls_;
    Key key_;
    std::shared_ptr<Call> call_;
  };

  std::shared_ptr<Calls> calls_ = std::make_shared<Calls>();
};

}  // namespace forgelink
