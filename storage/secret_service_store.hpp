// SPDX-License-Identifier: MIT
// Tokens in the session's Secret Service, by libsecret.
//
// Items have the schema `org.forgelink.Token` and the attributes `item`, `registry` and, if they belong to
// one, `connection`: ids only, nothing secret or changing. The marker has the schema
// `org.forgelink.Registry` and the attribute `registry`. Retention `keep` goes to the default collection,
// `session` to the collection with the alias `session` (ReadAlias; never made). Where a service has no
// session collection, `put` of a session item fails with `not_found` and the caller keeps it in memory.
//
// libsecret blocks, so it runs on three worker threads: one for calls that must answer in 3 s, one for
// prompts to unlock, one for those before deleting. The latter two start when they are first needed. The
// service's coming and going, its locking and unlocking are watched on the session bus without polling; while
// it is away a new try is made when the bus tells of one.
//
// Created on the loop; destroying it cancels what is under way.
#pragma once

#include <memory>

#include "storage/secret_store.hpp"

namespace forgelink {

class SecretServiceStore : public SecretStore {
 public:
  // `registry` is Registry::id(). Does not wait for the bus: `start` does, and returns the first state.
  SecretServiceStore(asio::any_io_executor executor, std::string registry);
  ~SecretServiceStore() override;

  // Connects to the bus and looks once, without raising a prompt. Unavailable if there is no bus or no
  // service.
  awaitable<StoreState> start();

  awaitable<Result<>> put(NewItem item, Prompt prompt) override;
  awaitable<Result<Secret>> get(ItemId id, Prompt prompt) override;
  awaitable<Result<bool>> erase(ItemId id, Prompt prompt) override;
  awaitable<Result<std::vector<ItemId>>> list() override;
  awaitable<Result<bool>> is_marked() override;
  awaitable<Result<>> mark() override;
  Store kind() const override { return Store::secret_service; }
  StoreState state() const override;
  bool absent() const override;
  awaitable<> first_look() override;
  bool has_looked() const override;
  std::string trouble() const override;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace forgelink
