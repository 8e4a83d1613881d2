// SPDX-License-Identifier: MIT
#include "clients/cli/import/keyring.hpp"

#include <dlfcn.h>
#include <libsecret/secret.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <thread>

#include "base/paths.hpp"

namespace forgelink::cli {
namespace {

constexpr std::chrono::seconds patience_with_service{5}, patience_with_person{120};

// The functions used here, found when the library is loaded: linking it would double the time that every
// command takes to start.
class Library {
  void* handle_ = dlopen("libsecret-1.so.0", RTLD_LAZY | RTLD_LOCAL);
  bool complete_ = handle_ != nullptr;

  template <class F>
  F* find(const char* name) {
    void* symbol = handle_ != nullptr ? dlsym(handle_, name) : nullptr;
    complete_ = complete_ && symbol != nullptr;
    return reinterpret_cast<F*>(symbol);
  }

 public:
#define FUNCTION(name) decltype(&::name) name = find<decltype(::name)>(#name)
  FUNCTION(g_bus_get_sync);
  FUNCTION(g_cancellable_cancel);
  FUNCTION(g_cancellable_new);
  FUNCTION(g_dbus_connection_set_exit_on_close);
  FUNCTION(g_error_free);
  FUNCTION(g_free);
  FUNCTION(g_hash_table_insert);
  FUNCTION(g_hash_table_lookup);
  FUNCTION(g_hash_table_new);
  FUNCTION(g_hash_table_unref);
  FUNCTION(g_list_free);
  FUNCTION(g_object_unref);
  FUNCTION(g_str_equal);
  FUNCTION(g_str_hash);
  FUNCTION(secret_item_get_attributes);
  FUNCTION(secret_item_get_label);
  FUNCTION(secret_item_get_locked);
  FUNCTION(secret_item_get_secret);
  FUNCTION(secret_service_get_sync);
  FUNCTION(secret_service_search_sync);
  FUNCTION(secret_value_get);
  FUNCTION(secret_value_unref);
#undef FUNCTION

  bool is_complete() const { return complete_; }
};

// Cancels what hangs: a keyring that does not answer, a person who does not.
class Patience {
 public:
  Patience(const Library& library, std::chrono::seconds limit)
      : library_(library),
        cancellable_(library.g_cancellable_new()),
        watch_([this, limit](std::stop_token stop) {
          std::unique_lock lock(mutex_);
          over_.wait_for(lock, stop, limit, [] { return false; });
          if (!stop.stop_requested()) library_.g_cancellable_cancel(cancellable_);
        }) {}
  ~Patience() {
    watch_.request_stop();
    watch_.join();
    library_.g_object_unref(cancellable_);
  }
  operator GCancellable*() const { return cancellable_; }

 private:
  const Library& library_;
  GCancellable* cancellable_;
  std::mutex mutex_;
  std::condition_variable_any over_;
  std::jthread watch_;
};

bool has_bus() {
  const char* address = std::getenv("DBUS_SESSION_BUS_ADDRESS");
  // Without one GLib would start a bus of its own, by X11.
  return (address != nullptr && *address != '\0') || access((runtime_dir() / "bus").c_str(), F_OK) == 0;
}

}  // namespace

struct Keyring::Calls {
  Library library;
  SecretService* service = nullptr;
  bool may_ask = false;

  bool open() {
    const Patience patience(library, patience_with_service);
    GDBusConnection* bus = library.g_bus_get_sync(G_BUS_TYPE_SESSION, patience, nullptr);
    if (bus == nullptr) return false;
    library.g_dbus_connection_set_exit_on_close(bus, FALSE);
    service = library.secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, patience, nullptr);
    library.g_object_unref(bus);
    return service != nullptr;
  }

  // Nothing if it stays locked.
  std::optional<Item> read(SecretItem* found) const {
    const bool locked = library.secret_item_get_locked(found) != FALSE;
    SecretValue* value = locked ? nullptr : library.secret_item_get_secret(found);
    if (value == nullptr) return std::nullopt;
    gsize size = 0;
    const char* bytes = library.secret_value_get(value, &size);
    Item item{.secret = Secret(std::string_view(bytes, size))};
    library.secret_value_unref(value);
    char* label = library.secret_item_get_label(found);
    if (label != nullptr) item.label = label;
    library.g_free(label);
    GHashTable* table = library.secret_item_get_attributes(found);
    for (const char* name :
         {"xdg:schema", "user", "object", "protocol", "port", "server", "service", "account", "username"}) {
      const auto* text = static_cast<const char*>(library.g_hash_table_lookup(table, name));
      if (text != nullptr) item.attributes[name] = text;
    }
    library.g_hash_table_unref(table);
    return item;
  }
};

std::string Keyring::Item::attribute(const std::string& name) const {
  const auto found = attributes.find(name);
  return found == attributes.end() ? "" : found->second;
}

Keyring::Keyring() : calls_(std::make_unique<Calls>()) {}

Keyring::~Keyring() {
  if (calls_->service != nullptr) calls_->library.g_object_unref(calls_->service);
}

std::unique_ptr<Keyring> Keyring::open(bool may_ask, std::string& trouble) {
  if (!has_bus()) return nullptr;
  std::unique_ptr<Keyring> keyring(new Keyring);
  keyring->calls_->may_ask = may_ask;
  if (!keyring->calls_->library.is_complete()) {
    trouble = "libsecret is not installed, so nothing was looked for there.";
  } else if (!keyring->calls_->open()) {
    trouble = "It cannot be reached; see: forgelink doctor";
  } else {
    return keyring;
  }
  return nullptr;
}

std::vector<Keyring::Item> Keyring::search(const Attributes& attributes) {
  const Library& library = calls_->library;
  GHashTable* table = library.g_hash_table_new(library.g_str_hash, library.g_str_equal);
  for (const auto& [name, value] : attributes)
    library.g_hash_table_insert(table, const_cast<char*>(name.c_str()), const_cast<char*>(value.c_str()));
  const int flags = SECRET_SEARCH_ALL | SECRET_SEARCH_LOAD_SECRETS |
                    (calls_->may_ask ? SECRET_SEARCH_UNLOCK : SECRET_SEARCH_NONE);
  const Patience patience(library, calls_->may_ask ? patience_with_person : patience_with_service);
  GError* error = nullptr;
  GList* list = library.secret_service_search_sync(calls_->service, nullptr, table,
                                                   static_cast<SecretSearchFlags>(flags), patience, &error);
  library.g_hash_table_unref(table);
  if (error != nullptr) {
    failed_ = true;
    library.g_error_free(error);
  }
  std::vector<Item> items;
  for (GList* one = list; one != nullptr; one = one->next) {
    std::optional<Item> item = calls_->read(static_cast<SecretItem*>(one->data));
    if (item) {
      items.push_back(*std::move(item));
    } else {
      ++locked_;
    }
    library.g_object_unref(one->data);
  }
  library.g_list_free(list);
  return items;
}

}  // namespace forgelink::cli
