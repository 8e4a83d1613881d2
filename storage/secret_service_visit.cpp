// SPDX-License-Identifier: MIT
#include "storage/secret_service_visit.hpp"

namespace forgelink {
namespace {

Error asks_for_the_item() {
  return {.code = Errc::keyring_locked,
          .message = "The keyring asks before it gives this token to a program.",
          .hint = "Allow it: forgelink verify NAME, and answer the keyring's window."};
}

Error gone() { return {.code = Errc::not_found, .message = "The token is not in the keyring any more."}; }

}  // namespace

Error no_collection() {
  return {.code = Errc::keyring_unavailable,
          .message = "The keyring has no default collection to keep tokens in.",
          .hint =
              "Make one and make it the default: in Seahorse (\"Passwords and Keys\") or KWalletManager; in "
              "KeePassXC, open a database that has a group exposed to the Secret Service."};
}

std::string collection_of(const std::string& item) { return item.substr(0, item.rfind('/')); }

// KeePassXC asks for the password of its own accord when it is to search and no database is open, and answers
// only then; so nobody may search who may not ask.
Result<> SecretServiceVisit::ensure_one_is_open(Prompt prompt) const {
  const std::string first = alias("default");
  if (first.empty()) return problem.error();
  if (first != "/") {
    const auto locked = is_locked(first);
    if (!locked) return problem.error();
    if (!*locked) return Result<>();
  }
  const auto all = bus.collections(cancel, problem);
  if (!all) return problem.error();
  for (const std::string& collection : *all) {
    const auto locked = is_locked(collection);
    if (!locked) return problem.error();
    if (!*locked) return Result<>();
  }
  if (first == "/" && all->empty()) return no_collection();
  if (prompt == Prompt::never) return Problem::locked();
  return unlock(Object::collection, first != "/" ? first : all->front());
}

Result<SecretServiceBus::Found> SecretServiceVisit::search(const SecretServiceBus::Attributes& attributes,
                                                           Prompt prompt) const {
  if (Result<> open = ensure_one_is_open(prompt); !open) return open.error();
  auto found = bus.search(attributes, cancel, problem);
  if (!found) return problem.error();
  return std::move(*found);
}

// For an item that is locked: by its collection, or by itself (KeePassXC, "Confirm when passwords are
// retrieved by clients").
Result<std::string> SecretServiceVisit::allow(const std::string& item, Prompt prompt) const {
  if (prompt == Prompt::never) {
    const auto locked = is_locked(collection_of(item));
    return locked && !*locked ? asks_for_the_item() : Problem::locked();
  }
  if (Result<> unlocked = unlock(Object::item, item); !unlocked) return unlocked.error();
  return item;
}

Result<std::string> SecretServiceVisit::find(const SecretServiceBus::Attributes& attributes,
                                             Prompt prompt) const {
  for (bool again = false;; again = true) {
    Result<SecretServiceBus::Found> found = search(attributes, prompt);
    if (!found) return found.error();
    if (!found->unlocked.empty()) return found->unlocked.front();
    if (!found->locked.empty()) return allow(found->locked.front(), prompt);
    // Not among what can be seen. A keyring that is locked or missing may still have it.
    const std::string collection = alias("default");
    if (collection.empty()) return problem.error();
    if (collection == "/") return no_collection();
    const auto locked = is_locked(collection);
    if (!locked) return problem.error();
    if (!*locked || again) return gone();
    if (prompt == Prompt::never) return Problem::locked();
    if (Result<> unlocked = unlock(Object::collection, collection); !unlocked) return unlocked.error();
  }
}

Result<Secret> SecretServiceVisit::read(const std::string& item) const {
  SecretService* service = bus.session(cancel, problem);
  if (service == nullptr) return problem.error();
  const Owned<SecretValue> value(
      secret_service_get_secret_for_dbus_path_sync(service, item.c_str(), cancel, problem.out()));
  if (!value) return problem ? problem.error() : Problem::locked();
  gsize size = 0;
  const char* text = secret_value_get(value.get(), &size);
  // We keep nothing empty. KWallet says so of what it cannot read: locked in between, or its entry deleted.
  if (size > 0) return Secret(std::string_view(text, size));
  const auto locked = is_locked(collection_of(item));
  if (!locked) return problem.error();
  if (*locked) return Problem::locked();
  return gone();
}

}  // namespace forgelink
