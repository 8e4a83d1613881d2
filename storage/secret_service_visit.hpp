// SPDX-License-Identifier: MIT
// One call's way through the Secret Service: finding an item, unlocking it, reading it. What the services do
// differently (gnome-keyring, KWallet, KeePassXC) is met here; docs/keyrings.md tells what that is.
//
// On the worker thread of the call. What fails leaves its reason in `problem` as well, so that the caller
// sees whether another try is worth it.
#pragma once

#include "storage/secret_service_bus.hpp"
#include "storage/secret_store.hpp"

namespace forgelink {

struct SecretServiceVisit {
  using Object = SecretServiceBus::Object;

  SecretServiceBus& bus;
  GCancellable* cancel;
  Problem& problem;

  std::string alias(const char* name) const { return bus.alias(name, cancel, problem); }
  std::optional<bool> is_locked(const std::string& collection) const {
    return bus.is_locked(Object::collection, collection, cancel, problem);
  }
  Result<> unlock(Object kind, const std::string& path) const {
    if (bus.unlock(kind, path, cancel, problem)) return Result<>();
    return problem ? problem.error() : Problem::locked();
  }

  // A search wants one collection that is unlocked.
  Result<> ensure_one_is_open(Prompt prompt) const;
  Result<SecretServiceBus::Found> search(const SecretServiceBus::Attributes& attributes, Prompt prompt) const;
  // The path, once the item may be read.
  Result<std::string> allow(const std::string& item, Prompt prompt) const;
  // The path of the item that has these attributes, ready to be read. `not_found` if it is surely not there.
  Result<std::string> find(const SecretServiceBus::Attributes& attributes, Prompt prompt) const;
  Result<Secret> read(const std::string& item) const;
};

// There is nowhere to put a token.
Error no_collection();

// The collection that the item of this path is in (Secret Service API, "Object Paths").
std::string collection_of(const std::string& item);

}  // namespace forgelink
