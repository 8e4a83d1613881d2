// SPDX-License-Identifier: MIT
// The keyring's items as the registry sees them: which rows name which, and which it has dropped.
#include <algorithm>

#include "storage/registry_impl.hpp"

namespace forgelink {

// Locked memory forgets by itself: only the keyring's items need a record.
void Registry::Impl::ItemChange::take(Store store, const std::optional<ItemId>& item) {
  if (store == Store::secret_service && item) taken.push_back(*item);
}

void Registry::Impl::ItemChange::drop(Store store, const std::optional<ItemId>& item) {
  if (store == Store::secret_service && item) dropped.push_back(*item);
}

Registry::Impl::ItemChange Registry::Impl::change_of(const TokenMetadata& before,
                                                     const TokenMetadata& after) {
  ItemChange items;
  if (before.item == after.item && before.store == after.store) return items;
  items.drop(before.store, before.item);
  items.take(after.store, after.item);
  return items;
}

void Registry::Impl::write(const ItemChange& items) {
  for (const ItemId& item : items.dropped) {
    SQLite::Statement insert(*database, "INSERT OR IGNORE INTO dropped_items (item) VALUES (?)");
    insert.bind(1, item.text());
    insert.exec();
  }
  for (const ItemId& item : items.taken) {
    SQLite::Statement remove(*database, "DELETE FROM dropped_items WHERE item = ?");
    remove.bind(1, item.text());
    remove.exec();
  }
}

void Registry::Impl::apply(const ItemChange& items) {
  dropped_items.insert(items.dropped.begin(), items.dropped.end());
  for (const ItemId& item : items.taken) dropped_items.erase(item);
}

void Registry::Impl::write_metadata(std::string_view key, std::string_view value) {
  SQLite::Statement write(
      *database, "INSERT INTO metadata VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
  write.bind(1, std::string(key));
  write.bind(2, std::string(value));
  write.exec();
  metadata.insert_or_assign(std::string(key), std::string(value));
}

std::optional<std::string> Registry::metadata(std::string_view key) const {
  const auto found = impl_->metadata.find(key);
  return found == impl_->metadata.end() ? std::nullopt : std::optional(found->second);
}

Result<> Registry::set_metadata(std::string_view key, std::string_view value) {
  return guarded([&]() -> Result<> {
    impl_->write_metadata(key, value);
    return {};
  });
}

std::vector<ItemId> Registry::items_in_use() const {
  std::vector<ItemId> items;
  for_each([&](const Connection& connection) {
    if (connection.token.item) items.push_back(*connection.token.item);
  });
  for (const StoredCredential& host : impl_->stored_credentials) items.push_back(host.item);
  for (const OAuthApp& app : impl_->oauth_apps) {
    if (app.item) items.push_back(*app.item);
  }
  return items;
}

std::vector<ItemId> Registry::items_in_keyring() const {
  std::vector<ItemId> items;
  const auto add = [&](Store store, const std::optional<ItemId>& item) {
    if (store == Store::secret_service && item) items.push_back(*item);
  };
  for_each([&](const Connection& connection) { add(connection.token.store, connection.token.item); });
  for (const StoredCredential& host : impl_->stored_credentials) add(host.store, host.item);
  for (const OAuthApp& app : impl_->oauth_apps) add(app.store, app.item);
  return items;
}

Result<> Registry::announce_item(ItemId item) {
  return guarded([&]() -> Result<> {
    Impl::ItemChange items;
    items.dropped.push_back(item);
    impl_->write(items);
    impl_->apply(items);
    return {};
  });
}

Result<> Registry::forget_item(ItemId item) {
  return guarded([&]() -> Result<> {
    Impl::ItemChange items;
    items.taken.push_back(item);
    impl_->write(items);
    impl_->apply(items);
    return {};
  });
}

std::vector<ItemId> Registry::dropped_items() const {
  return {impl_->dropped_items.begin(), impl_->dropped_items.end()};
}

bool Registry::is_dropped(ItemId item) const { return impl_->dropped_items.contains(item); }

}  // namespace forgelink
