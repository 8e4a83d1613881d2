// SPDX-License-Identifier: MIT
// Tokens in locked memory: where there is no Secret Service, for what should end with the session where the
// service has no session collection, and for pairs that the keyring did not take yet.
//
// On the loop. What it holds ends with the process unless a copy is kept (daemon/process/descriptor_store).
#pragma once

#include <unordered_map>

#include "storage/secret_store.hpp"

namespace forgelink {

class MemorySecretStore : public SecretStore {
 public:
  awaitable<Result<>> put(NewItem item, Prompt prompt) override;
  awaitable<Result<Secret>> get(ItemId id, Prompt prompt) override;
  awaitable<Result<bool>> erase(ItemId id, Prompt prompt) override;
  awaitable<Result<std::vector<ItemId>>> list() override;
  Store kind() const override { return Store::memory; }
  StoreState state() const override { return StoreState::available; }
  std::string trouble() const override { return ""; }

  std::size_t size() const { return items_.size(); }
  bool contains(ItemId id) const { return items_.contains(id); }
  const std::unordered_map<ItemId, Secret>& items() const { return items_; }

  enum class Change { added, erased };
  // Called after each change, for whoever keeps a copy that outlives the process.
  std::function<void(Change)> on_changed;

 private:
  std::unordered_map<ItemId, Secret> items_;
};

}  // namespace forgelink
