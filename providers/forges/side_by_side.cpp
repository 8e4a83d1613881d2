#include "providers/forges/side_by_side.hpp"

#include <algorithm>
#include <memory>

namespace forgelink::forges {
namespace {

// No forge minds so many (providers 3.7).
constexpr std::size_t at_once = 4;

struct Round {
  std::vector<std::function<awaitable<>()>> questions;
  std::size_t next = 0, running = 0;
  Signal done;
};

awaitable<> ask_one_after_the_other(std::shared_ptr<Round> round) {
  while (round->next < round->questions.size()) {
    awaitable<> answered = round->questions[round->next++]();
    co_await std::move(answered);
  }
  if (--round->running == 0) round->done.notify();
}

}  // namespace

awaitable<> side_by_side(std::vector<std::function<awaitable<>()>> questions) {
  const auto round = std::make_shared<Round>();
  round->questions = std::move(questions);
  round->running = std::min(at_once, round->questions.size());
  const auto executor = co_await asio::this_coro::executor;
  for (std::size_t i = round->running; i > 0; --i) spawn(executor, ask_one_after_the_other(round));
  while (round->running > 0) co_await round->done.wait();
}

}  // namespace forgelink::forges
