// SPDX-License-Identifier: MIT
// The façade over the secret stores: chooses the store, caches what it read, and sweeps what the registry has
// dropped.
//
// The Secret Service is the place for secrets where there is one; locked memory stands in where there is none
// (store "auto"), for session tokens where the service has no session collection, and for what must not be
// lost while the service takes nothing (`IfStoreFails::hold`).
//
// Nothing is deleted because it is absent from the registry, and nothing is forgotten because it is absent
// from the store, unless that store is known to be the one it was put into (SecretStore::is_marked).
//
// On the loop. Items are given out as `SharedSecret`.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "base/async.hpp"
#include "base/expiring_cache.hpp"
#include "base/retry_timer.hpp"
#include "base/single_flight.hpp"
#include "daemon/settings/settings.hpp"
#include "storage/memory_secret_store.hpp"
#include "storage/registry.hpp"
#include "storage/secret_store.hpp"

namespace forgelink {

// What to do with a secret that the keyring does not take now. `hold`: keep it in locked memory, for whoever
// moves it later; for one-time values whose predecessor is spent.
enum class IfStoreFails { fail, hold };

class SecretVault {
 public:
  // `service` may be null (store "memory"). All must outlive the vault.
  SecretVault(asio::any_io_executor executor, const Settings& settings, Registry& registry,
              SecretStore* service, MemorySecretStore& memory);

  struct Kept {
    Store store;
    ItemId item;
  };

  // Puts a secret away under a new id. Until the caller has written the row that names it and calls
  // `settled`, the sweep leaves it alone; if the row cannot be written, `erase` it. Fails with
  // `database_failed` if the registry takes no write, or as the store does.
  awaitable<Result<Kept>> keep(std::string connection, std::string label, Retention retention,
                               SharedSecret secret, Prompt prompt,
                               IfStoreFails if_store_fails = IfStoreFails::fail);
  void settled(ItemId item);

  // Whether registry and store take a write now, found out by one: asked before a one-time value is spent.
  awaitable<Result<>> check_writable(Retention retention, Prompt prompt = Prompt::never);

  // `not_found`: the store is known to be ours and has no such item. `keyring_locked`,
  // `keyring_unavailable`: nobody knows.
  awaitable<Result<SharedSecret>> read(Store store, ItemId item, Prompt prompt);

  // Forgets it at once; takes it out of its store now or, if that fails, when it works again. With
  // Prompt::allowed a keyring that asks before it deletes may do so; its answer is not waited for.
  // REQUIRES: no row names it any more.
  awaitable<> erase(Store store, ItemId item, Prompt prompt = Prompt::never);

  // Takes out what the registry has dropped, and looks whether this is the keyring that our items are in.
  // Called at the start and whenever the service's state has changed.
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
  // Items that are dropped and still in the keyring.
  std::size_t still_to_erase() const;

  // The token cannot be reached now, and whether it is still there nobody can tell: `unavailable`.
  bool is_unreachable(const TokenMetadata& token) const;

  // Something is kept in memory alone, and ends with the daemon.
  bool holds_anything() const { return memory_.size() > 0; }
  bool has_in_memory(ItemId item) const { return memory_.contains(item); }
  // It is in memory only until the keyring takes it.
  bool is_held(ItemId item) const { return held_.contains(item); }
  void restore_held(ItemId item) { held_.insert(item); }

  // Forgets all secrets that were read from the keyring.
  void wipe_cache() { cache_.clear(); }

 private:
  SecretStore* store_of(Store store);
  bool service_away() const;
  awaitable<Result<>> put_in_service(ItemId id, std::string connection, std::string label,
                                     Retention retention, SharedSecret secret, Prompt prompt);
  awaitable<Result<SharedSecret>> fetch(Store store, ItemId item, Prompt prompt);
  awaitable<bool> erase_from_service(ItemId item, Prompt prompt);
  awaitable<bool> sweep_once();
  enum class FirstPut { no, yes };
  awaitable<> look_whose_keyring(FirstPut first_put);
  bool may_still_come(ItemId item) const;

  const Settings& settings_;
  Registry& registry_;
  SecretStore* service_;
  MemorySecretStore& memory_;
  ExpiringCache<ItemId, SharedSecret> cache_;
  // Reads under way, so that many clients ask the keyring once; with and without a person being asked.
  SingleFlight<ItemId, SharedSecret> reads_, asking_reads_;
  std::set<ItemId> erased_while_read_;
  std::set<ItemId> unsettled_;
  std::set<ItemId> held_;
  std::set<ItemId> elsewhere_;  // not in the keyring that is there now, which is not known to be ours
  // Whose `put` was given up: the service may still carry it out.
  std::map<ItemId, std::chrono::steady_clock::time_point> late_puts_;
  bool locked_ = false;
  RetryTimer sweep_again_;
};

// `locked`, and how it is undone.
Error vault_locked();

}  // namespace forgelink
