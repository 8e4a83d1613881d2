// SPDX-License-Identifier: MIT
#include "storage/memory_secret_store.hpp"

namespace forgelink {

awaitable<Result<>> MemorySecretStore::put(NewItem item, Prompt) {
  items_.insert_or_assign(item.id, std::move(item.secret));
  if (on_changed) on_changed(Change::added);
  co_return Result<>();
}

awaitable<Result<Secret>> MemorySecretStore::get(ItemId id, Prompt) {
  const auto found = items_.find(id);
  if (found == items_.end()) {
    co_return Error{.code = Errc::not_found, .message = "The token is not in memory any more."};
  }
  co_return found->second.duplicate();
}

awaitable<Result<bool>> MemorySecretStore::erase(ItemId id, Prompt) {
  const bool was_there = items_.erase(id) > 0;
  if (was_there && on_changed) on_changed(Change::erased);
  co_return was_there;
}

awaitable<Result<std::vector<ItemId>>> MemorySecretStore::list() {
  std::vector<ItemId> ids;
  for (const auto& [id, secret] : items_) ids.push_back(id);
  co_return ids;
}

}  // namespace forgelink
