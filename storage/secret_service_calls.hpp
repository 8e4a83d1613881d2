// SPDX-License-Identifier: MIT
// The Secret Service by libsecret, in calls that block (Secret Service API Draft 0.2, freedesktop.org).
//
// What GLib and D-Bus make of it is in storage/secret_service_bus.hpp. Used on one worker thread at a time;
// every call gives up when it is told to stop. A session that has gone stale (the service was restarted) is
// opened again and the call made once more.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "storage/secret_store.hpp"

namespace forgelink {

class SecretServiceBus;

class SecretServiceCalls {
 public:
  explicit SecretServiceCalls(std::string registry);
  ~SecretServiceCalls();

  struct Look {
    StoreState state = StoreState::unavailable;
    bool absent = false;
    bool silent = false;  // it did not answer in time
    std::string trouble;
  };

  // How things are, without raising a prompt.
  Look look(std::stop_token stop);

  Result<> put(const SecretStore::NewItem& item, Prompt prompt, std::stop_token stop);
  Result<Secret> get(ItemId id, Prompt prompt, std::stop_token stop);
  // `asks`: the service has a question first; with Prompt::never it was not asked, else the answer was no.
  enum class Erased { done, absent, asks };
  Result<Erased> erase(ItemId id, Prompt prompt, std::stop_token stop);
  Result<bool> is_marked(std::stop_token stop);
  Result<> mark(std::stop_token stop);
  Result<std::vector<ItemId>> list(std::stop_token stop);

 private:
  std::string registry_;
  std::unique_ptr<SecretServiceBus> bus_;
};

}  // namespace forgelink
