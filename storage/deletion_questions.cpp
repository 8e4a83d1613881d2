// SPDX-License-Identifier: MIT
#include "storage/deletion_questions.hpp"

#include <spdlog/spdlog.h>

namespace forgelink {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds patience = 3s;
constexpr Milliseconds patience_of_a_person = 2min;
// No dialog is read and answered in that time.
constexpr Milliseconds quicker_than_a_person = 500ms;

}  // namespace

awaitable<Result<bool>> DeletionQuestions::erase(ItemId id, Prompt prompt) {
  const std::shared_ptr<DeletionQuestions> keep = shared_from_this();
  if (needs_no_person_) {
    const Answer answered = co_await answer(id, patience);
    needs_no_person_ = is_yes(answered);
    if (needs_no_person_) co_return **answered == SecretServiceCalls::Erased::done;
  } else if (prompt == Prompt::allowed && asked_.insert(id).second) {
    spawn(executor_, ask(id));
  }
  co_return Error{.code = Errc::keyring_locked, .message = "The keyring asks before it deletes an item."};
}

awaitable<> DeletionQuestions::ask(ItemId id) {
  const std::shared_ptr<DeletionQuestions> keep = shared_from_this();
  const auto begun = std::chrono::steady_clock::now();
  const Answer answered = co_await answer(id, patience_of_a_person);
  if (!is_yes(answered)) {
    spdlog::info("the keyring's question whether to delete an item was not answered with yes");
    co_return;
  }
  asked_.erase(id);
  needs_no_person_ = std::chrono::steady_clock::now() - begun < quicker_than_a_person;
}

bool DeletionQuestions::is_yes(const Answer& answer) {
  return answer && *answer && **answer != SecretServiceCalls::Erased::asks;
}

awaitable<DeletionQuestions::Answer> DeletionQuestions::answer(ItemId id, Milliseconds limit) {
  auto call = [id](SecretServiceCalls& calls, std::stop_token stop) {
    return calls.erase(id, Prompt::allowed, stop);
  };
  Answer answered = co_await worker_.run(std::move(call), limit);
  co_return answered;
}

}  // namespace forgelink
