// SPDX-License-Identifier: MIT
#include "storage/secret_service_store.hpp"

#include <spdlog/spdlog.h>

#include "base/bus.hpp"
#include "base/retry_timer.hpp"
#include "storage/bus_arrival.hpp"
#include "storage/deletion_questions.hpp"
#include "storage/secret_service_bus.hpp"
#include "storage/secret_service_worker.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds patience = 3s;  // of a call that asks nobody
constexpr Milliseconds patience_of_a_person = 2min;
constexpr Milliseconds settle = 30ms;                                      // changes come in bursts
constexpr RetryTimer::Delays between_looks{.first = 1s, .longest = 1min};  // at a service that hangs

}  // namespace

class SecretServiceStore::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::any_io_executor executor, std::string registry, SecretServiceStore& store)
      : executor_(std::move(executor)),
        quick_(registry),
        asking_(registry),
        registry_(std::move(registry)),
        questions_(std::make_shared<DeletionQuestions>(executor_, registry_)),
        store_(&store),
        arrival_(executor_) {}

  void close() {
    store_ = nullptr;
    bus_.reset();
    arrival_.stop();
    hung_.reset();
  }

  template <class Call>
  auto quick(Call call, Milliseconds limit = patience) {
    return run(quick_, std::move(call), limit);
  }
  template <class Call>
  auto asking(Call call) {
    return run(asking_, std::move(call), patience_of_a_person);
  }

  awaitable<> look_again() {
    if (looking_) {
      // One look at a time: what changes during it makes one more.
      look_once_more_ = true;
      co_return;
    }
    looking_ = true;
    const std::shared_ptr<Impl> keep = shared_from_this();
    do {
      look_once_more_ = false;
      // Each time, since the bus may have been lost and come back.
      watch();
      auto call = [](SecretServiceCalls& calls, std::stop_token stop) -> Result<SecretServiceCalls::Look> {
        return calls.look(stop);
      };
      Result<SecretServiceCalls::Look> seen = co_await quick(std::move(call));
      set(seen ? *seen : SecretServiceCalls::Look{.silent = true, .trouble = Problem::no_answer().message});
      look_until_it_answers();
    } while (look_once_more_ && store_ != nullptr);
    looking_ = false;
  }

  awaitable<Result<bool>> erase_by_question(ItemId id, Prompt prompt) {
    Result<bool> erased = co_await questions_->erase(id, prompt);
    co_return erased;
  }

  // A service that hangs tells nobody when it goes on.
  void look_until_it_answers() {
    if (seen_.silent && !hung_ && store_ != nullptr) {
      hung_.emplace(
          executor_, [weak = weak_from_this()] { return look_whether_it_answers(weak); }, between_looks);
      hung_->start();
    } else if (!seen_.silent) {
      hung_.reset();
    }
  }
  static awaitable<bool> look_whether_it_answers(std::weak_ptr<Impl> impl) {
    const std::shared_ptr<Impl> self = impl.lock();
    if (self == nullptr || self->store_ == nullptr) co_return true;
    co_await self->look_again();
    co_return !self->hung_.has_value();
  }

  // Probes the service again after an error that does not fit the known state.
  void reprobe(const Error& error) {
    const bool fits = (error.code == Errc::keyring_locked && seen_.state == StoreState::locked) ||
                      (error.code == Errc::keyring_unavailable && seen_.state == StoreState::unavailable);
    if (!fits && error.code != Errc::not_found) spawn(executor_, look_again());
  }
  void confirm() {
    // A call worked, so the state that is known is old.
    if (seen_.state != StoreState::available) spawn(executor_, look_again());
  }

  const SecretServiceCalls::Look& seen() const { return seen_; }
  bool has_looked() const { return has_looked_; }
  awaitable<> first_look() {
    const std::shared_ptr<Impl> keep = shared_from_this();
    while (!has_looked_) co_await first_seen_.wait();
  }

 private:
  template <class Call>
  auto run(SecretServiceWorker& on, Call call, Milliseconds limit)
      -> awaitable<std::invoke_result_t<Call&, SecretServiceCalls&, std::stop_token>> {
    const std::shared_ptr<Impl> keep = shared_from_this();
    auto result = co_await on.run(std::move(call), limit);
    if (!result) co_return Problem::no_answer();
    co_return std::move(*result);
  }

  // Follows the service's coming, going, locking and unlocking; where there is no bus, the bus's coming.
  void watch() {
    if (bus_ || store_ == nullptr) return;
    bus_ = Bus::open(executor_, Bus::Which::session);
    const auto look_soon = [weak = weak_from_this()] {
      if (const auto self = weak.lock()) spawn(self->executor_, self->look_after_a_moment());
    };
    if (!bus_) {
      arrival_.watch(look_soon);
      return;
    }
    bus_->on_lost = [weak = weak_from_this(), look_soon] {
      if (const auto self = weak.lock()) self->bus_.reset();
      look_soon();
    };
    const auto changed = [look_soon](sd_bus_message*) { look_soon(); };
    const auto replaced = [weak = weak_from_this(), look_soon](sd_bus_message*) {
      if (const auto self = weak.lock()) self->another_service();
      look_soon();
    };
    bus_->match(
        "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.freedesktop."
        "secrets'",
        replaced);
    bus_->match(
        "type='signal',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',"
        "path_namespace='/org/freedesktop/secrets',arg0='org.freedesktop.Secret.Collection'",
        changed);
    for (const char* member : {"CollectionCreated", "CollectionDeleted", "CollectionChanged"}) {
      bus_->match(
          std::string("type='signal',interface='org.freedesktop.Secret.Service',member='") + member + "'",
          changed);
    }
  }

  void another_service() {
    replaced_ = true;
    // Answers to the former one, those that are still to come as well, say nothing about this one.
    questions_ = std::make_shared<DeletionQuestions>(executor_, registry_);
  }

  awaitable<> look_after_a_moment() {
    if (soon_) co_return;
    soon_ = true;
    const std::shared_ptr<Impl> keep = shared_from_this();
    co_await sleep_for(settle);
    soon_ = false;
    if (store_ != nullptr) co_await look_again();
  }

  void set(SecretServiceCalls::Look seen) {
    // The same state of another service is news: it may hold other items.
    const bool replaced = std::exchange(replaced_, false);
    const bool changed = seen.state != seen_.state || seen.absent != seen_.absent || replaced;
    seen_ = std::move(seen);
    has_looked_ = true;
    first_seen_.notify();
    if (!changed || store_ == nullptr) return;
    spdlog::info("secret service: {}{}", name_of(seen_.state),
                 seen_.trouble.empty() ? "" : " (" + seen_.trouble + ")");
    if (store_->on_state_changed) store_->on_state_changed();
  }

  asio::any_io_executor executor_;
  SecretServiceWorker quick_, asking_;
  std::string registry_;
  std::shared_ptr<DeletionQuestions> questions_;
  SecretServiceStore* store_;  // null once it has gone
  std::unique_ptr<Bus> bus_;
  BusArrival arrival_;
  std::optional<RetryTimer> hung_;  // while it hangs
  SecretServiceCalls::Look seen_{
      .state = StoreState::unavailable, .absent = false, .trouble = "The keyring was not looked at yet."};
  Signal first_seen_;
  bool has_looked_ = false;
  bool looking_ = false, look_once_more_ = false, soon_ = false;
  bool replaced_ = false;  // the bus told of another owner of the service's name
};

SecretServiceStore::SecretServiceStore(asio::any_io_executor executor, std::string registry)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(registry), *this)) {}

SecretServiceStore::~SecretServiceStore() { impl_->close(); }

awaitable<StoreState> SecretServiceStore::start() {
  co_await impl_->look_again();
  co_return state();
}

StoreState SecretServiceStore::state() const { return impl_->seen().state; }
awaitable<> SecretServiceStore::first_look() { co_await impl_->first_look(); }
bool SecretServiceStore::has_looked() const { return impl_->has_looked(); }
bool SecretServiceStore::absent() const { return impl_->seen().absent; }
std::string SecretServiceStore::trouble() const { return impl_->seen().trouble; }

awaitable<Result<>> SecretServiceStore::put(NewItem item, Prompt prompt) {
  // Shared by both attempts, as a Secret is not copied; a call that was given up may still be using it.
  auto kept = std::make_shared<const NewItem>(std::move(item));
  auto call = [kept](SecretServiceCalls& calls, std::stop_token stop) {
    return calls.put(*kept, Prompt::never, stop);
  };
  Result<> done = co_await impl_->quick(std::move(call));
  if (!done && done.error().code == Errc::keyring_locked && prompt == Prompt::allowed) {
    auto asking = [kept](SecretServiceCalls& calls, std::stop_token stop) {
      return calls.put(*kept, Prompt::allowed, stop);
    };
    done = co_await impl_->asking(std::move(asking));
  }
  done ? impl_->confirm() : impl_->reprobe(done.error());
  co_return done;
}

awaitable<Result<Secret>> SecretServiceStore::get(ItemId id, Prompt prompt) {
  auto call = [id](SecretServiceCalls& calls, std::stop_token stop) {
    return calls.get(id, Prompt::never, stop);
  };
  Result<Secret> got = co_await impl_->quick(std::move(call));
  if (!got && got.error().code == Errc::keyring_locked && prompt == Prompt::allowed) {
    auto asking = [id](SecretServiceCalls& calls, std::stop_token stop) {
      return calls.get(id, Prompt::allowed, stop);
    };
    got = co_await impl_->asking(std::move(asking));
  }
  got ? impl_->confirm() : impl_->reprobe(got.error());
  co_return got;
}

awaitable<Result<bool>> SecretServiceStore::is_marked() {
  auto call = [](SecretServiceCalls& calls, std::stop_token stop) { return calls.is_marked(stop); };
  Result<bool> marked = co_await impl_->quick(std::move(call));
  co_return marked;
}

awaitable<Result<>> SecretServiceStore::mark() {
  auto call = [](SecretServiceCalls& calls, std::stop_token stop) { return calls.mark(stop); };
  Result<> done = co_await impl_->quick(std::move(call));
  co_return done;
}

awaitable<Result<bool>> SecretServiceStore::erase(ItemId id, Prompt prompt) {
  auto call = [id](SecretServiceCalls& calls, std::stop_token stop) {
    return calls.erase(id, Prompt::never, stop);
  };
  Result<SecretServiceCalls::Erased> done = co_await impl_->quick(std::move(call));
  if (!done) {
    impl_->reprobe(done.error());
    co_return done.error();
  }
  if (*done != SecretServiceCalls::Erased::asks) co_return *done == SecretServiceCalls::Erased::done;
  Result<bool> erased = co_await impl_->erase_by_question(id, prompt);
  co_return erased;
}

awaitable<Result<std::vector<ItemId>>> SecretServiceStore::list() {
  // Asked in the background only, and of a keyring that may hold very many.
  auto call = [](SecretServiceCalls& calls, std::stop_token stop) { return calls.list(stop); };
  Result<std::vector<ItemId>> all = co_await impl_->asking(std::move(call));
  co_return all;
}

}  // namespace forgelink
