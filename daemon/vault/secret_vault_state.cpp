// SPDX-License-Identifier: MIT
// What the vault says of its stores.
#include "daemon/vault/secret_vault.hpp"

namespace forgelink {

Store SecretVault::backend() const {
  if (service_ == nullptr) return Store::memory;
  // "auto" falls back only where there is no service at all: one that is locked or hung is waited for.
  if (settings_.store == StoreChoice::automatic && service_->absent()) return Store::memory;
  return Store::secret_service;
}

StoreState SecretVault::state() const {
  return backend() == Store::memory ? StoreState::available : service_->state();
}

std::string SecretVault::trouble() const {
  if (backend() == Store::secret_service) {
    if (service_->state() == StoreState::available && !elsewhere_.empty())
      return "The keyring that is open is not the one that your tokens were put into.";
    return service_->trouble();
  }
  return settings_.store == StoreChoice::automatic ? "There is no Secret Service on the session bus: tokens "
                                                     "are kept in memory and end with the daemon."
                                                   : "Tokens are kept in memory and end with the daemon.";
}

void SecretVault::lock() {
  locked_ = true;
  cache_.clear();
}

Error vault_locked() {
  return {
      .code = Errc::locked, .message = "Forgelink is locked.", .hint = "Unlock it with: forgelink unlock"};
}

std::size_t SecretVault::still_to_erase() const {
  std::size_t count = 0;
  for (const ItemId& item : registry_.dropped_items()) {
    if (!unsettled_.contains(item) && !may_still_come(item)) ++count;
  }
  return count;
}

bool SecretVault::service_away() const {
  if (service_ == nullptr) return true;
  // Before the first look nothing is known, and nothing counts as lost.
  return service_->has_looked() && service_->state() == StoreState::unavailable;
}

bool SecretVault::is_unreachable(const TokenMetadata& token) const {
  if (token.store != Store::secret_service || !token.item) return false;
  return service_away() || elsewhere_.contains(*token.item);
}

awaitable<> SecretVault::ready() {
  if (service_ != nullptr && !service_->has_looked()) co_await service_->first_look();
}

SecretStore* SecretVault::store_of(Store store) {
  switch (store) {
    case Store::memory:
      return &memory_;
    case Store::secret_service:
      return service_;
    case Store::none:
      return nullptr;
  }
  return nullptr;
}

}  // namespace forgelink
