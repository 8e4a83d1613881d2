// SPDX-License-Identifier: MIT
#include "base/when_all.hpp"

#include <algorithm>
#include <memory>

namespace forgelink {
namespace {

// GitHub asks for few concurrent requests per token; four is below every forge's limit.
constexpr std::size_t at_once = 4;

struct Round {
  std::vector<std::function<awaitable<>()>> operations;
  std::size_t next = 0, running = 0;
  Signal done;
};

awaitable<> run_one_after_the_other(std::shared_ptr<Round> round) {
  while (round->next < round->operations.size()) {
    awaitable<> operation = round->operations[round->next++]();
    co_await std::move(operation);
  }
  if (--round->running == 0) round->done.notify();
}

}  // namespace

awaitable<> when_all(std::vector<std::function<awaitable<>()>> operations) {
  const auto round = std::make_shared<Round>();
  round->operations = std::move(operations);
  // Set before the first one starts: one that ends at once must not look like the last.
  round->running = std::min(at_once, round->operations.size());
  const auto executor = co_await asio::this_coro::executor;
  for (std::size_t i = round->running; i > 0; --i) spawn(executor, run_one_after_the_other(round));
  while (round->running > 0) co_await round->done.wait();
}

}  // namespace forgelink
