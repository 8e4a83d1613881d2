// SPDX-License-Identifier: MIT
#include "storage/secret_service_calls.hpp"

#include "storage/secret_service_visit.hpp"

namespace forgelink {
namespace {

constexpr const char* schema = "org.forgelink.Token";
constexpr const char* marker_schema = "org.forgelink.Registry";

// Makes a call, and once more on a fresh connection if the first was stale.
template <class Work>
auto with_bus(std::unique_ptr<SecretServiceBus>& bus, GCancellable* cancel, Work work)
    -> decltype(work(*bus, std::declval<Problem&>())) {
  for (int attempt = 0;; ++attempt) {
    Problem problem;
    if (bus && !bus->is_open()) bus.reset();
    if (!bus) bus = SecretServiceBus::open(cancel, problem);
    if (!bus) return problem.error();
    auto result = work(*bus, problem);
    if (result || !problem.is_stale() || attempt > 0 || g_cancellable_is_cancelled(cancel) != FALSE)
      return result;
    bus.reset();
  }
}

std::vector<std::pair<const char*, std::string>> attributes_of(const std::string& registry,
                                                               const std::string& item) {
  std::vector<std::pair<const char*, std::string>> attributes = {{"xdg:schema", schema},
                                                                 {"registry", registry}};
  if (!item.empty()) attributes.emplace_back("item", item);
  return attributes;
}

}  // namespace

SecretServiceCalls::SecretServiceCalls(std::string registry) : registry_(std::move(registry)) {}
SecretServiceCalls::~SecretServiceCalls() = default;

SecretServiceCalls::Look SecretServiceCalls::look(std::stop_token stop) {
  const Cancel cancel(stop);
  Problem problem;
  const auto trouble = [&problem] {
    return Look{.silent = problem.is_silence(), .trouble = problem.error().message};
  };
  if (bus_ && !bus_->is_open()) bus_.reset();
  if (!bus_) bus_ = SecretServiceBus::open(cancel, problem);
  if (!bus_) return {.absent = true, .trouble = "There is no session bus."};

  if (!bus_->offers_the_service(cancel, problem)) {
    if (!problem) return {.absent = true, .trouble = "There is no Secret Service on the session bus."};
    return trouble();
  }

  std::string collection = bus_->alias("default", cancel, problem);
  if (collection.empty() && problem.is_stale()) collection = bus_->alias("default", cancel, problem);
  if (collection.empty()) {
    // Offered, but it does not start: as good as none.
    const bool dead = problem.name().starts_with("org.freedesktop.DBus.Error.Spawn") ||
                      problem.name() == "org.freedesktop.DBus.Error.ServiceUnknown";
    if (dead)
      return {.absent = true, .trouble = "The Secret Service does not start: " + problem.text() + "."};
    return trouble();
  }
  if (collection == "/") return {.trouble = no_collection().message + " " + no_collection().hint};
  const auto locked = bus_->is_locked(SecretServiceBus::Object::collection, collection, cancel, problem);
  if (!locked) return trouble();
  if (*locked) return {.state = StoreState::locked, .trouble = Problem::locked().message};
  return {.state = StoreState::available};
}

Result<> SecretServiceCalls::put(const SecretStore::NewItem& item, Prompt prompt, std::stop_token stop) {
  const Cancel cancel(stop);
  const auto work = [&](SecretServiceBus& bus, Problem& problem) -> Result<> {
    const SecretServiceVisit visit{bus, cancel, problem};
    const bool session = item.retention == Retention::session;
    const std::string collection = visit.alias(session ? "session" : "default");
    if (collection.empty()) return problem.error();
    if (collection == "/" && session)
      return Error{.code = Errc::not_found, .message = "The keyring has no session collection."};
    if (collection == "/") return no_collection();
    const auto locked = visit.is_locked(collection);
    if (!locked) return problem.error();
    if (*locked) {
      if (prompt == Prompt::never) return Problem::locked();
      Result<> unlocked = visit.unlock(SecretServiceVisit::Object::collection, collection);
      if (!unlocked) return unlocked;
    }
    SecretServiceBus::Item made{.label = item.label,
                                .attributes = attributes_of(registry_, item.id.text()),
                                .text = item.secret.reveal()};
    if (!item.connection.empty()) made.attributes.emplace_back("connection", item.connection);
    return bus.create(collection, made, cancel, problem) ? Result<>() : Result<>(problem.error());
  };
  return with_bus(bus_, cancel, work);
}

Result<Secret> SecretServiceCalls::get(ItemId id, Prompt prompt, std::stop_token stop) {
  const Cancel cancel(stop);
  const auto work = [&](SecretServiceBus& bus, Problem& problem) -> Result<Secret> {
    const SecretServiceVisit visit{bus, cancel, problem};
    Result<std::string> item = visit.find(attributes_of(registry_, id.text()), prompt);
    if (!item) return item.error();
    return visit.read(*item);
  };
  return with_bus(bus_, cancel, work);
}

Result<SecretServiceCalls::Erased> SecretServiceCalls::erase(ItemId id, Prompt prompt, std::stop_token stop) {
  const Cancel cancel(stop);
  const auto work = [&](SecretServiceBus& bus, Problem& problem) -> Result<Erased> {
    const SecretServiceVisit visit{bus, cancel, problem};
    const SecretServiceBus::Attributes attributes = attributes_of(registry_, id.text());
    auto found = visit.search(attributes, Prompt::never);
    if (!found) return found.error();
    for (const std::string& item : found->locked) {
      const auto locked = visit.is_locked(collection_of(item));
      if (!locked) return problem.error();
      if (*locked) return Problem::locked();
      found->unlocked.push_back(item);  // locked by itself, which does not matter here
    }
    for (const std::string& item : found->unlocked) {
      if (prompt == Prompt::allowed) {
        if (!bus.erase_asking(item, cancel, problem)) return problem.error();
        continue;
      }
      const auto erased = bus.erase(item, cancel, problem);
      if (!erased) return problem.error();
      if (!*erased) return Erased::asks;
    }
    if (found->unlocked.empty()) return Erased::absent;
    if (prompt == Prompt::never) return Erased::done;
    // libsecret reports success after a no as well. Only an answer without the item says that it is gone.
    const auto left = visit.search(attributes, Prompt::never);
    if (!left) return left.error();
    return left->unlocked.empty() && left->locked.empty() ? Erased::done : Erased::asks;
  };
  return with_bus(bus_, cancel, work);
}

Result<bool> SecretServiceCalls::is_marked(std::stop_token stop) {
  const Cancel cancel(stop);
  const auto work = [&](SecretServiceBus& bus, Problem& problem) -> Result<bool> {
    const SecretServiceBus::Attributes marker = {{"xdg:schema", marker_schema}, {"registry", registry_}};
    const auto found = SecretServiceVisit{bus, cancel, problem}.search(marker, Prompt::never);
    if (!found) return found.error();
    return !found->unlocked.empty() || !found->locked.empty();
  };
  return with_bus(bus_, cancel, work);
}

Result<> SecretServiceCalls::mark(std::stop_token stop) {
  const Cancel cancel(stop);
  const auto work = [&](SecretServiceBus& bus, Problem& problem) -> Result<> {
    const std::string collection = bus.alias("default", cancel, problem);
    if (collection.empty()) return problem.error();
    if (collection == "/") return no_collection();
    const SecretServiceBus::Item marker{
        .label = "Forgelink: this keyring holds the tokens of your connections",
        .attributes = {{"xdg:schema", marker_schema}, {"registry", registry_}},
        .text = "This item holds no secret."};
    return bus.create(collection, marker, cancel, problem) ? Result<>() : Result<>(problem.error());
  };
  return with_bus(bus_, cancel, work);
}

Result<std::vector<ItemId>> SecretServiceCalls::list(std::stop_token stop) {
  const Cancel cancel(stop);
  const auto work = [&](SecretServiceBus& bus, Problem& problem) -> Result<std::vector<ItemId>> {
    auto found = SecretServiceVisit{bus, cancel, problem}.search(attributes_of(registry_, ""), Prompt::never);
    if (!found) return found.error();
    std::vector<ItemId> items;
    found->unlocked.insert(found->unlocked.end(), found->locked.begin(), found->locked.end());
    for (const std::string& path : found->unlocked) {
      if (stop.stop_requested()) return problem.error();
      if (const auto id = ItemId::parse(bus.attribute(path, "item", cancel, problem))) items.push_back(*id);
    }
    return items;
  };
  return with_bus(bus_, cancel, work);
}

}  // namespace forgelink
