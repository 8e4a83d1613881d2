// SPDX-License-Identifier: MIT
// The registry: which connections there are, and everything about them but their tokens.
//
// SQLite on disk (strict tables, WAL, synchronous=FULL), all of it in memory as well, so that reads never
// touch the disk. A change is made on disk first and acknowledged after its commit; if that fails
// (`database_failed`) memory is as it was. References returned stay valid until the next change.
//
// Used on the event loop only: SQLite is quick enough to stay there. One process per registry: a second one
// is told at opening which process holds it.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "storage/access_grant.hpp"
#include "storage/connection.hpp"
#include "storage/registry_lock.hpp"
#include "storage/rule.hpp"

namespace forgelink {

// What git stored for a host that no connection covers. Its secret is the item.
struct StoredCredential {
  std::string protocol, host, path, username;
  std::string authtype;  // "" for a password, else the scheme of `credential`
  Store store = Store::none;
  ItemId item;
};

// The OAuth app that signs people in on a forge. Its client secret, if it has one, is the item.
struct OAuthApp {
  std::string type, server_url;  // server_url "" for the app of the type
  std::string client_id;
  Store store = Store::none;
  std::optional<ItemId> item;
};

class Registry {
 public:
  // Opens or makes the registry in `folder` (made 0700; files 0600). Throws OpenFailed with a sentence for
  // people: held by another process, from a newer version (left untouched), not writable, damaged.
  explicit Registry(const std::filesystem::path& folder);
  static std::unique_ptr<Registry> in_memory();
  ~Registry();

  using OpenFailed = RegistryOpenFailed;

  // A random id made with the registry, to tell its items in the secret store from another registry's.
  const std::string& id() const;

  std::size_t size() const;

  // nullptr if there is none.
  const Connection* find(ConnectionId id) const;
  const Connection* find_by_name(std::string_view name) const;

  // By name, after the name key `after` ("" = from the start), at most `limit`; only those of `type` unless
  // empty.
  std::vector<const Connection*> page(std::string_view after, std::size_t limit, std::string_view type) const;
  std::size_t count(std::string_view type) const;
  void for_each(const std::function<void(const Connection&)>& visit) const;

  Result<> insert(const Connection& connection);  // name_taken
  Result<> update(const Connection& connection);  // name_taken, not_found
  Result<> remove(ConnectionId id);               // not_found

  // The last step of every change that has waited since it read the row: writes `row` only if the token is
  // still the one of `before`, what the caller read. Fails with `token_missing` if it was purged or replaced
  // meanwhile, `not_found` if the connection is gone, or as `update` does. Uses, notices and a state that
  // were written meanwhile are kept.
  Result<> compare_and_swap(const Connection& before, Connection row);

  // A git repository used with this connection at that time; written in batches, at the latest at
  // `flush_uses`. Cheap; counted in memory at once.
  void note_use(ConnectionId id, std::string_view repository, Time at);
  bool uses_waiting() const;
  Result<> flush_uses();

  // --- hosts that git stored something for
  std::vector<StoredCredential> stored_credentials() const;
  // In place of others, at once.
  Result<> remember(const StoredCredential& host, const std::vector<ItemId>& instead_of = {});
  Result<> forget_credential(ItemId item);

  // --- rules, in the order of their making; those of a connection go with it
  const std::vector<Rule>& rules() const;
  // In place of others, at once. Fails with not_found if the connection is gone.
  Result<> put_rule(const Rule& rule, const std::vector<RuleId>& instead_of = {});
  Result<> remove_rule(RuleId id);  // not_found

  // --- programs that may use a connection without being asked about; they go with their connection
  const std::vector<AccessGrant>& access_grants() const;
  Result<> keep_access_grant(const AccessGrant& grant);  // in place of one for the same program
  Result<> forget_access_grant(const std::string& id);

  // --- OAuth apps, one per type and server
  std::optional<OAuthApp> oauth_app(std::string_view type, std::string_view server_url) const;
  std::vector<OAuthApp> oauth_apps() const;     // by type, then server
  Result<> set_oauth_app(const OAuthApp& app);  // in place of the one before
  Result<> remove_oauth_app(std::string_view type, std::string_view server_url);

  // --- small values that outlive the process, as the stamp of the last session
  std::optional<std::string> metadata(std::string_view key) const;
  Result<> set_metadata(std::string_view key, std::string_view value);

  // Every item id that some row names, and those of them that are in the keyring.
  std::vector<ItemId> items_in_use() const;
  std::vector<ItemId> items_in_keyring() const;

  // --- items of the keyring that no row names (any more), by our own doing: what the sweep may delete.
  // A change that drops an item or names another records it in its own transaction.

  // Before an item is put into the keyring: until a row names it, it counts as dropped, so that a kill
  // between the two leaves nothing behind.
  Result<> announce_item(ItemId item);
  // It is gone from the keyring.
  Result<> forget_item(ItemId item);
  std::vector<ItemId> dropped_items() const;
  bool is_dropped(ItemId item) const;

 private:
  class Impl;
  explicit Registry(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// `not_found` for a connection that was there when the question began.
Error connection_gone();

}  // namespace forgelink
