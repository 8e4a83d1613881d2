// SPDX-License-Identifier: MIT
// Every secret the daemon keeps, wherever it is: chooses the store, remembers what it read for a while, and
// clears away what no row of the registry names.
//
// The Secret Service is the place for secrets where there is one; locked memory stands in where there is none
// (store "auto"), and for session tokens where the service has no session collection. On the loop. Items are
// shared as `std::shared_ptr<const Secret>`; the last owner's letting go wipes them.
#pragma once

#include <memory>
#include <set>
#include <unordered_map>

#include "base/async.hpp"
#include "daemon/settings/settings.hpp"
#include "storage/memory_secret_store.hpp"
#include "storage/registry.hpp"
#include "storage/secret_store.hpp"

namespace forgelink {

using SharedSecret = std::shared_ptr<const Secret>;

class SecretVault {
 public:
  // `service` may be null (store "memory"). All must outlive the vault.
  SecretVault(asio::any_io_executor executor, const Settings& settings, Registry& registry, SecretStore* service,
        MemorySecretStore& memory);

  struct Kept {
    Store store;
    ItemId item;
  };

  // Puts a secret away under a new id. Until the caller has written the row that names it and calls
  // `settled`, the sweep leaves it alone; if the row cannot be written, `erase` it.
  awaitable<Result<Kept>> keep(std::string connection, std::string label, Retention retention,
                               SharedSecret secret, Prompt prompt);
  void settled(ItemId item) { unsettled_.erase(item); }

  // `not_found`: the store is there and has no such item. `keyring_locked`, `keyring_unavailable`: nobody
  // knows.
  awaitable<Result<SharedSecret>> read(Store store, ItemId item, Prompt prompt);

  // Forgets it at once; takes it out of its store now or, if that is away, when it is back.
  awaitable<> erase(Store store, ItemId item);

  // Takes out what no row names. Does nothing while the service is away.
  awaitable<> sweep();

  // While it is locked every read fails with `locked`, and nothing is cached. What is under way when the lock
  // comes fails as well.
  void lock();
  void unlock() { locked_ = false; }
  bool locked() const { return locked_; }

  // Returns once it is known which stores there are; at once, but for a moment after the start.
  awaitable<> ready();

  // What `daemon.status` says.
  Store backend() const;
  StoreState state() const;
  std::string trouble() const;
  // The Secret Service cannot be reached: what it holds is `unavailable`.
  bool service_away() const;
  // Something is kept in memory alone, and ends with the daemon.
  bool holds_anything() const { return memory_.size() > 0; }
  bool has_in_memory(ItemId item) const { return memory_.contains(item); }

 private:
  SecretStore* store_of(Store store);
  void remember(ItemId item, SharedSecret secret);
  void forget_old();

  struct Cached {
    SharedSecret secret;
    std::chrono::steady_clock::time_point until;
  };

  asio::any_io_executor executor_;
  const Settings& settings_;
  Registry& registry_;
  SecretStore* service_;
  MemorySecretStore& memory_;
  std::unordered_map<ItemId, Cached> cache_;
  std::set<ItemId> unsettled_;
  bool locked_ = false;
  asio::steady_timer forget_timer_;
};

// `locked`, and how it is undone.
Error vault_locked();

}  // namespace forgelink
