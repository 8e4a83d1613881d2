// SPDX-License-Identifier: MIT
// Deleting items where the Secret Service has a question before each. KeePassXC has, and may be told to
// answer it itself; where it does, nobody is disturbed and the rest may follow.
//
// Each item is asked for once, since a no is a no. On the loop; a question lies open on a worker of its own,
// for two minutes at most. Owned as a shared_ptr: an open question keeps it. Each service has its own.
#pragma once

#include <memory>
#include <set>

#include "storage/secret_service_worker.hpp"
#include "storage/secret_store.hpp"

namespace forgelink {

class DeletionQuestions : public std::enable_shared_from_this<DeletionQuestions> {
 public:
  DeletionQuestions(asio::any_io_executor executor, const std::string& registry)
      : executor_(std::move(executor)), worker_(registry) {}

  // Deletes it if that disturbs nobody. Else raises the question, if that is allowed, and fails with
  // `keyring_locked` without waiting for the answer.
  awaitable<Result<bool>> erase(ItemId id, Prompt prompt);

 private:
  using Answer = std::optional<Result<SecretServiceCalls::Erased>>;

  awaitable<> ask(ItemId id);
  static bool is_yes(const Answer& answer);
  awaitable<Answer> answer(ItemId id, Milliseconds limit);

  asio::any_io_executor executor_;
  SecretServiceWorker worker_;
  std::set<ItemId> asked_;
  bool needs_no_person_ = false;
};

}  // namespace forgelink
