// SPDX-License-Identifier: MIT
// What the sources of the registry share: the database, what of it is held in memory, and how SQLite's
// exceptions become errors. Included by storage/registry*.cpp only; on the loop.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "storage/connection_index.hpp"
#include "storage/registry.hpp"
#include "storage/registry_lock.hpp"

namespace forgelink {

// `database_failed` with a sentence for people.
Error registry_error(const SQLite::Exception& error);

// What SQLite throws becomes an Error here and nowhere else.
template <class Work>
Result<> guarded(Work work) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    return registry_error(error);
  }
}

class Registry::Impl {
 public:
  explicit Impl(const std::filesystem::path& folder);
  Impl();

  Result<> check_name(const Connection& connection) const;

  // Items of the keyring that a change of rows begins to name, and those that it names no more. Written in
  // the transaction of that change, so that no kill in between loses sight of an item.
  struct ItemChange {
    std::vector<ItemId> taken, dropped;
    void take(Store store, const std::optional<ItemId>& item);
    void drop(Store store, const std::optional<ItemId>& item);
  };
  static ItemChange change_of(const TokenMetadata& before, const TokenMetadata& after);
  void write(const ItemChange& items);  // to the database; throws SQLite::Exception
  void apply(const ItemChange& items);  // to memory, after the commit

  void write_metadata(std::string_view key, std::string_view value);

  struct Use {
    ConnectionId connection;
    std::string repository;
    bool operator<(const Use& other) const {
      return std::tie(connection, repository) < std::tie(other.connection, other.repository);
    }
  };
  // Known in memory only: the row must not count them before they are in their table, or a kill in between
  // would have them counted twice.
  std::int64_t unwritten_uses(ConnectionId id) const;

  std::optional<RegistryLock> lock;
  std::unique_ptr<SQLite::Database> database;
  std::string registry_id;
  // These follow the disk, so that no read touches it after the start.
  ConnectionIndex connections;
  std::vector<StoredCredential> stored_credentials;
  std::vector<OAuthApp> oauth_apps;  // by type, then server
  std::vector<Rule> rules;
  std::vector<AccessGrant> access_grants;
  std::map<std::string, std::string, std::less<>> metadata;
  std::set<ItemId> dropped_items;
  // Not written yet.
  std::set<Use> new_uses;
  std::set<ConnectionId> used;

 private:
  void load();
  void load_connections();
  void load_stored_credentials();
  void load_oauth_apps();
  void load_metadata();
  void load_dropped_items();
  void load_access_grants();
};

}  // namespace forgelink
