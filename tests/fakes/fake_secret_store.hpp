// SPDX-License-Identifier: MIT
// A secret store in memory that can be told to be locked, away, or to fail.
#pragma once

#include <map>

#include "storage/secret_store.hpp"

namespace forgelink {

class FakeSecretStore : public SecretStore {
 public:
  awaitable<Result<>> put(NewItem item, Prompt prompt) override {
    if (auto error = trouble_now(prompt)) co_return *error;
    items.insert_or_assign(item.id, std::move(item));
    co_return Result<>();
  }
  awaitable<Result<Secret>> get(ItemId id, Prompt prompt) override {
    if (auto error = trouble_now(prompt)) co_return *error;
    const auto found = items.find(id);
    if (found == items.end()) co_return Error{.code = Errc::not_found, .message = "There is no such item."};
    co_return found->second.secret.duplicate();
  }
  awaitable<Result<>> erase(ItemId id) override {
    if (auto error = trouble_now(Prompt::never)) co_return *error;
    items.erase(id);
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
  StoreState now = StoreState::available;
  bool is_absent = false;

 private:
  std::optional<Error> trouble_now(Prompt prompt) const {
    if (now == StoreState::unavailable) return Error{.code = Errc::keyring_unavailable, .message = "The fake is away."};
    if (now == StoreState::locked && prompt == Prompt::never) return Error{.code = Errc::keyring_locked, .message = "The fake is locked."};
    return std::nullopt;
  }
};

}  // namespace forgelink
