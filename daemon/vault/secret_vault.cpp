// SPDX-License-Identifier: MIT
#include "daemon/vault/secret_vault.hpp"

#include <spdlog/spdlog.h>

namespace forgelink {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_cached = 4096;
constexpr RetryTimer::Delays between_sweeps{.first = 1s, .longest = 5min};
// How long a service may take to carry out a call that we gave up.
constexpr std::chrono::minutes late_put_limit{10};

constexpr const char* marked_key = "keyring_marked";

bool is_keyring_trouble(const Error& error) {
  return error.code == Errc::keyring_locked || error.code == Errc::keyring_unavailable;
}

Error in_another_keyring() {
  return {.code = Errc::keyring_unavailable,
          .message = "The keyring that is open is not the one that this token was put into.",
          .hint = "Open that keyring, or configure the connection again."};
}

}  // namespace

SecretVault::SecretVault(asio::any_io_executor executor, const Settings& settings, Registry& registry,
                         SecretStore* service, MemorySecretStore& memory)
    : settings_(settings),
      registry_(registry),
      service_(service),
      memory_(memory),
      cache_(executor, {.most = most_cached}),
      sweep_again_(
          executor, [this] { return sweep_once(); }, between_sweeps) {}

awaitable<Result<SecretVault::Kept>> SecretVault::keep(std::string connection, std::string label,
                                                       Retention retention, SharedSecret secret,
                                                       Prompt prompt, IfStoreFails if_store_fails) {
  const ItemId id = ItemId::make();
  co_await ready();
  Store store = backend();
  if (store == Store::secret_service) {
    // Until a row names it the sweep would take it for dropped.
    unsettled_.insert(id);
    Result<> put =
        co_await put_in_service(id, std::move(connection), std::move(label), retention, secret, prompt);
    if (!put) {
      const bool no_session_collection =
          put.error().code == Errc::not_found && retention == Retention::session;
      const bool hold = if_store_fails == IfStoreFails::hold && is_keyring_trouble(put.error());
      if (!no_session_collection && !hold) {
        unsettled_.erase(id);
        co_return put.error();
      }
      if (hold) {
        spdlog::warn("a token is held in memory until the keyring takes it: {}", put.error().message);
        held_.insert(id);
      }
      store = Store::memory;
    }
  }
  if (store == Store::memory) {
    unsettled_.erase(id);
    SecretStore::NewItem item{
        .id = id, .retention = retention, .label = {}, .connection = {}, .secret = secret->duplicate()};
    Result<> put = co_await memory_.put(std::move(item), prompt);
    if (!put) co_return put.error();
  } else if (!locked_) {
    cache_.put(id, std::move(secret), settings_.cache);
  }
  co_return Kept{.store = store, .item = id};
}

awaitable<Result<>> SecretVault::put_in_service(ItemId id, std::string connection, std::string label,
                                                Retention retention, SharedSecret secret, Prompt prompt) {
  // The first item of a registry marks its keyring, before it is in it: from then on both are known.
  if (!registry_.metadata(marked_key)) co_await look_whose_keyring(FirstPut::yes);
  // Announced before it is put: whatever happens from here on, the sweep knows of it.
  Result<> announced = registry_.announce_item(id);
  if (!announced) co_return announced;
  SecretStore::NewItem item{.id = id,
                            .retention = retention,
                            .label = std::move(label),
                            .connection = std::move(connection),
                            .secret = secret->duplicate()};
  Result<> put = co_await service_->put(std::move(item), prompt);
  if (put) co_return put;
  if (put.error().code == Errc::keyring_unavailable) {
    // Given up, not refused: the item may still appear, so its record stays.
    late_puts_[id] = std::chrono::steady_clock::now() + late_put_limit;
    sweep_again_.start();
  } else if (Result<> forgotten = registry_.forget_item(id); !forgotten) {
    sweep_again_.start();
  }
  co_return put;
}

void SecretVault::settled(ItemId item) { unsettled_.erase(item); }

awaitable<Result<>> SecretVault::check_writable(Retention retention, Prompt prompt) {
  auto probe = std::make_shared<const Secret>("This item checks whether the keyring can be written.");
  Result<Kept> kept = co_await keep({}, "Forgelink: write check", retention, std::move(probe), prompt);
  if (!kept) co_return kept.error();
  co_await erase(kept->store, kept->item, prompt);
  co_return Result<>();
}

awaitable<Result<SharedSecret>> SecretVault::read(Store store, ItemId item, Prompt prompt) {
  if (locked_) co_return vault_locked();
  if (const SharedSecret* cached = cache_.find(item)) co_return *cached;
  awaitable<Result<SharedSecret>> work = fetch(store, item, prompt);
  auto& reads = prompt == Prompt::allowed ? asking_reads_ : reads_;
  Result<SharedSecret> read = co_await reads.run(item, std::move(work));
  co_return read;
}

awaitable<Result<SharedSecret>> SecretVault::fetch(Store store, ItemId item, Prompt prompt) {
  SecretStore* from = store_of(store);
  if (from == nullptr) {
    co_return Error{
        .code = Errc::keyring_unavailable,
        .message = "The token is in the keyring, which the settings exclude (store = \"memory\").",
        .hint = "Set store = \"auto\" under [secrets]."};
  }
  Result<Secret> found = co_await from->get(item, prompt);
  // erase() came while the store was read: its answer is neither cached nor handed out.
  if (erased_while_read_.erase(item) > 0)
    co_return Error{.code = Errc::not_found, .message = "The token was removed meanwhile."};
  if (!found && found.error().code == Errc::not_found) {
    Result<bool> ours = co_await from->is_marked();
    if (!ours) co_return ours.error();
    if (*ours) co_return found.error();
    elsewhere_.insert(item);
    co_return in_another_keyring();
  }
  if (!found) co_return found.error();
  elsewhere_.erase(item);
  if (locked_) co_return vault_locked();
  auto shared = std::make_shared<const Secret>(std::move(*found));
  if (store == Store::secret_service) cache_.put(item, shared, settings_.cache);
  co_return shared;
}

awaitable<> SecretVault::erase(Store store, ItemId item, Prompt prompt) {
  // All this before the wait: no read finds it from now on.
  cache_.erase(item);
  elsewhere_.erase(item);
  held_.erase(item);
  if (reads_.is_under_way(item) || asking_reads_.is_under_way(item)) erased_while_read_.insert(item);
  if (store == Store::memory) {
    Result<bool> erased = co_await memory_.erase(item, prompt);
    if (!erased) spdlog::error("{}", erased.error().message);
  } else if (service_ != nullptr && store == Store::secret_service) {
    unsettled_.erase(item);
    const bool erased = co_await erase_from_service(item, prompt);
    if (!erased) sweep_again_.start();
  }
}

// True once it is gone and forgotten.
awaitable<bool> SecretVault::erase_from_service(ItemId item, Prompt prompt) {
  Result<bool> erased = co_await service_->erase(item, prompt);
  if (!erased) {
    spdlog::info("a token's item stays in the keyring for now: {}", erased.error().message);
    co_return false;
  }
  if (!*erased) {
    // Absent: gone only if this is the keyring that it was put into, and nothing is still on its way.
    if (may_still_come(item)) co_return false;
    Result<bool> ours = co_await service_->is_marked();
    if (!ours || !*ours) co_return false;
  }
  late_puts_.erase(item);
  Result<> forgotten = registry_.forget_item(item);
  if (!forgotten) spdlog::warn("{}", forgotten.error().message);
  co_return forgotten.has_value();
}

bool SecretVault::may_still_come(ItemId item) const {
  const auto late = late_puts_.find(item);
  return late != late_puts_.end() && late->second > std::chrono::steady_clock::now();
}

awaitable<> SecretVault::sweep() {
  if (service_ == nullptr || service_->state() != StoreState::available) co_return;
  const bool done = co_await sweep_once();
  if (!done) sweep_again_.start();
}

// True if nothing is left to erase.
awaitable<bool> SecretVault::sweep_once() {
  // When the service is back, its state tells.
  if (service_ == nullptr || service_->state() != StoreState::available) co_return true;
  co_await look_whose_keyring(FirstPut::no);
  std::size_t swept = 0, left = 0;
  for (const ItemId& item : registry_.dropped_items()) {
    // A row may name it by now, or be about to.
    if (unsettled_.contains(item) || !registry_.is_dropped(item)) continue;
    const bool erased = co_await erase_from_service(item, Prompt::never);
    ++(erased ? swept : left);
  }
  if (swept > 0) spdlog::info("orphaned items deleted from the keyring: {}", swept);
  co_return left == 0;
}

// Finds out whether this keyring is the one our items were put into, and marks it if it surely is.
awaitable<> SecretVault::look_whose_keyring(FirstPut first_put) {
  Result<bool> marked = co_await service_->is_marked();
  if (!marked) co_return;
  if (*marked) {
    elsewhere_.clear();
    co_return;
  }
  // A registry without items knows no keyring; its first item will mark one.
  if (registry_.items_in_keyring().empty() && first_put == FirstPut::no) co_return;
  Result<std::vector<ItemId>> there = co_await service_->list();
  if (!there) co_return;
  const std::set<ItemId> present(there->begin(), there->end());
  std::size_t found = 0;
  elsewhere_.clear();
  for (const ItemId& item : registry_.items_in_keyring()) {
    if (present.contains(item)) {
      ++found;
    } else {
      elsewhere_.insert(item);
    }
  }
  // A registry from before there were markers knows its keyring by any item; one whose marker is gone only
  // by all of them.
  const bool ours = elsewhere_.empty() || (found > 0 && !registry_.metadata(marked_key));
  if (!ours) {
    spdlog::warn("the keyring that is open lacks {} items of ours, and is not known to be ours",
                 elsewhere_.size());
    // From now on any item is not enough: the next ones are put into this keyring.
    if (!registry_.metadata(marked_key) && !registry_.set_metadata(marked_key, "0"))
      spdlog::warn("that the keyring is another's could not be written down");
    co_return;
  }
  elsewhere_.clear();
  // The marker first: ended between the two, the daemon finds a marked keyring, which is enough.
  Result<> done = co_await service_->mark();
  if (done) done = registry_.set_metadata(marked_key, "1");
  if (!done) spdlog::info("the keyring could not be marked: {}", done.error().message);
}

}  // namespace forgelink
