// SPDX-License-Identifier: MIT
// A secret store in memory that can be told to be locked, away, or to fail.
#pragma once

#include <map>

#include "storage/secret_store.hpp"

namespace forgelink {

class FakeSecretStore : public SecretStore {
 public:
  awaitable<Result<>> put(NewItem item, Prompt prompt) override {
    ++puts;
    if (before_put) co_await before_put();
    if (auto error = trouble_now(prompt)) co_return *error;
    if (puts_fail) co_return Error{.code = Errc::keyring_unavailable, .message = "The fake takes no item."};
    items.insert_or_assign(item.id, std::move(item));
    co_return Result<>();
  }
  awaitable<Result<Secret>> get(ItemId id, Prompt prompt) override {
    if (auto error = trouble_now(prompt)) co_return *error;
    const auto found = items.find(id);
    if (found == items.end()) co_return Error{.code = Errc::not_found, .message = "There is no such item."};
    Secret copy = found->second.secret.duplicate();
    ++gets;
    if (after_get) co_await after_get();
    co_return copy;
  }
  awaitable<Result<bool>> erase(ItemId id, Prompt) override {
    if (auto error = trouble_now(Prompt::never)) co_return *error;
    if (erases_fail > 0) {
      --erases_fail;
      co_return Error{.code = Errc::keyring_unavailable, .message = "The fake does not answer."};
    }
    co_return items.erase(id) > 0;
  }
  awaitable<Result<bool>> is_marked() override {
    if (auto error = trouble_now(Prompt::never)) co_return *error;
    co_return marked;
  }
  awaitable<Result<>> mark() override {
    marked = true;
    co_return Result<>();
  }
  awaitable<Result<std::vector<ItemId>>> list() override {
    std::vector<ItemId> ids;
    for (const auto& [id, item] : items) ids.push_back(id);
    co_return ids;
  }
  Store kind() const override { return Store::secret_service; }
  StoreState state() const override { return now; }
  bool absent() const override { return is_absent; }
  std::string trouble() const override { return now == StoreState::available ? "" : "The fake was told so."; }

  std::map<ItemId, NewItem> items;
  bool marked = false;
  // Run while a call is under way: what a test lets happen meanwhile.
  std::function<awaitable<>()> before_put, after_get;
  int puts = 0, gets = 0, erases_fail = 0;
  bool puts_fail = false;
  StoreState now = StoreState::available;
  bool is_absent = false;

 private:
  std::optional<Error> trouble_now(Prompt prompt) const {
    if (now == StoreState::unavailable)
      return Error{.code = Errc::keyring_unavailable, .message = "The fake is away."};
    if (now == StoreState::locked && prompt == Prompt::never)
      return Error{.code = Errc::keyring_locked, .message = "The fake is locked."};
    return std::nullopt;
  }
};

}  // namespace forgelink
