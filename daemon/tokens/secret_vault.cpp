// SPDX-License-Identifier: MIT
#include "daemon/tokens/secret_vault.hpp"

#include <spdlog/spdlog.h>

namespace forgelink {

using std::chrono::steady_clock;

SecretVault::SecretVault(asio::any_io_executor executor, const Settings& settings, Registry& registry,
             SecretStore* service, MemorySecretStore& memory)
    : executor_(std::move(executor)),
      settings_(settings),
      registry_(registry),
      service_(service),
      memory_(memory),
      forget_timer_(executor_) {}

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
  if (backend() == Store::secret_service) return service_->trouble();
  return settings_.store == StoreChoice::automatic ? "There is no Secret Service on the session bus: tokens "
                                                     "are kept in memory and end with the daemon."
                                                   : "Tokens are kept in memory and end with the daemon.";
}

bool SecretVault::service_away() const {
  if (service_ == nullptr) return true;
  return service_->has_looked() && service_->state() == StoreState::unavailable;
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

awaitable<Result<SecretVault::Kept>> SecretVault::keep(std::string connection, std::string label, Retention retention,
                                           SharedSecret secret, Prompt prompt) {
  const ItemId id = ItemId::make();
  unsettled_.insert(id);
  co_await ready();
  Store store = backend();
  if (store == Store::secret_service) {
    SecretStore::NewItem item{.id = id,
                              .retention = retention,
                              .label = label,
                              .connection = connection,
                              .secret = secret->duplicate()};
    Result<> put = co_await service_->put(std::move(item), prompt);
    const bool no_session_collection =
        !put && put.error().code == Errc::not_found && retention == Retention::session;
    if (no_session_collection) {
      store = Store::memory;
    } else if (!put) {
      unsettled_.erase(id);
      co_return put.error();
    }
  }
  if (store == Store::memory) {
    SecretStore::NewItem item{
        .id = id, .retention = retention, .label = {}, .connection = {}, .secret = secret->duplicate()};
    Result<> put = co_await memory_.put(std::move(item), prompt);
    if (!put) co_return put.error();
  } else {
    remember(id, secret);
  }
  co_return Kept{.store = store, .item = id};
}

awaitable<Result<SharedSecret>> SecretVault::read(Store store, ItemId item, Prompt prompt) {
  if (locked_) co_return vault_locked();
  const auto cached = cache_.find(item);
  if (cached != cache_.end() && cached->second.until > steady_clock::now()) co_return cached->second.secret;

  SecretStore* from = store_of(store);
  if (from == nullptr) {
    co_return Error{
        .code = Errc::keyring_unavailable,
        .message = "The token is in the keyring, which the settings exclude (store = \"memory\").",
        .hint = "Set store = \"auto\" under [secrets]."};
  }
  Result<Secret> found = co_await from->get(item, prompt);
  if (!found) co_return found.error();
  if (locked_) co_return vault_locked();
  auto shared = std::make_shared<const Secret>(std::move(*found));
  if (store == Store::secret_service) remember(item, shared);
  co_return shared;
}

awaitable<> SecretVault::erase(Store store, ItemId item) {
  cache_.erase(item);
  SecretStore* from = store_of(store);
  if (from != nullptr) {
    Result<> erased = co_await from->erase(item);
    // The row is gone already, so the next sweep finds it.
    if (!erased) spdlog::info("a token's item stays in the keyring for now: {}", erased.error().message);
  }
  unsettled_.erase(item);
}

awaitable<> SecretVault::sweep() {
  if (service_ == nullptr || service_->state() != StoreState::available) co_return;
  Result<std::vector<ItemId>> there = co_await service_->list();
  if (!there) co_return;
  std::vector<ItemId> in_use = registry_.items_in_use();
  std::sort(in_use.begin(), in_use.end());
  std::size_t swept = 0;
  for (const ItemId& item : *there) {
    if (std::binary_search(in_use.begin(), in_use.end(), item) || unsettled_.contains(item)) continue;
    Result<> erased = co_await service_->erase(item);
    if (erased) ++swept;
  }
  if (swept > 0) spdlog::info("left-over items taken out of the keyring: {}", swept);
}

void SecretVault::lock() {
  locked_ = true;
  cache_.clear();
}

Error vault_locked() {
  return {.code = Errc::locked, .message = "Forgelink is locked.", .hint = "Unlock it with: forgelink unlock"};
}

void SecretVault::remember(ItemId item, SharedSecret secret) {
  if (settings_.cache.count() == 0 || locked_) return;
  const bool first = cache_.empty();
  cache_[item] = {.secret = std::move(secret), .until = steady_clock::now() + settings_.cache};
  if (first) forget_old();
}

void SecretVault::forget_old() {
  const auto now = steady_clock::now();
  std::erase_if(cache_, [now](const auto& entry) { return entry.second.until <= now; });
  if (cache_.empty()) return;
  auto next = steady_clock::time_point::max();
  for (const auto& [item, cached] : cache_) next = std::min(next, cached.until);
  // At most once a second, however many there are.
  forget_timer_.expires_at(std::max(next, now + std::chrono::seconds(1)));
  forget_timer_.async_wait([this](const boost::system::error_code& stopped) {
    if (!stopped) forget_old();
  });
}

}  // namespace forgelink
