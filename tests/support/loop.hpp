// SPDX-License-Identifier: MIT
// Runs one coroutine to its end on a loop of its own and gives back what it returned: for tests of things
// that await.
#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>

#include "base/async.hpp"

namespace forgelink {

class Loop {
 public:
  template <class T>
  T run(awaitable<T> work) {
    std::optional<T> result;
    asio::co_spawn(context_, std::move(work), [&](std::exception_ptr failed, T value) {
      if (failed) std::rethrow_exception(failed);
      result.emplace(std::move(value));
    });
    context_.restart();
    while (!result && context_.run_one() > 0) {
    }
    return std::move(*result);
  }

  asio::any_io_executor executor() { return context_.get_executor(); }
  asio::io_context& context() { return context_; }

 private:
  asio::io_context context_{1};
};

}  // namespace forgelink
