// SPDX-License-Identifier: MIT
#include "clients/import/keyring.hpp"

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

// Cancels what hangs: a keyring that does not answer, a person who does not.
class Patience {
 public:
  explicit Patience(std::chrono::seconds limit)
      : cancellable_(g_cancellable_new()), watch_([this, limit](std::stop_token stop) {
          std::unique_lock lock(mutex_);
          over_.wait_for(lock, stop, limit, [] { return false; });
          if (!stop.stop_requested()) g_cancellable_cancel(cancellable_);
        }) {}
  ~Patience() {
    watch_.request_stop();
    watch_.join();
    g_object_unref(cancellable_);
  }
  operator GCancellable*() const { return cancellable_; }

 private:
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
  SecretService* service = nullptr;
  bool may_ask = false;

  bool open() {
    const Patience patience(patience_with_service);
    GDBusConnection* bus = g_bus_get_sync(G_BUS_TYPE_SESSION, patience, nullptr);
    if (bus == nullptr) return false;
    // By default GLib ends the process when the session bus goes.
    g_dbus_connection_set_exit_on_close(bus, FALSE);
    service = secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, patience, nullptr);
    g_object_unref(bus);
    return service != nullptr;
  }

  // Nothing if it stays locked.
  std::optional<Item> read(SecretItem* found) const {
    const bool locked = secret_item_get_locked(found) != FALSE;
    SecretValue* value = locked ? nullptr : secret_item_get_secret(found);
    if (value == nullptr) return std::nullopt;
    gsize size = 0;
    const char* bytes = secret_value_get(value, &size);
    Item item{.secret = Secret(std::string_view(bytes, size))};
    secret_value_unref(value);
    char* label = secret_item_get_label(found);
    if (label != nullptr) item.label = label;
    g_free(label);
    GHashTable* table = secret_item_get_attributes(found);
    for (const char* name :
         {"xdg:schema", "user", "object", "protocol", "port", "server", "service", "account", "username"}) {
      const auto* text = static_cast<const char*>(g_hash_table_lookup(table, name));
      if (text != nullptr) item.attributes[name] = text;
    }
    g_hash_table_unref(table);
    return item;
  }
};

std::string Keyring::Item::attribute(const std::string& name) const {
  const auto found = attributes.find(name);
  return found == attributes.end() ? "" : found->second;
}

Keyring::Keyring() : calls_(std::make_unique<Calls>()) {}

Keyring::~Keyring() {
  if (calls_->service != nullptr) g_object_unref(calls_->service);
}

std::unique_ptr<Keyring> Keyring::open(bool may_ask, std::string& trouble) {
  if (!has_bus()) return nullptr;
  std::unique_ptr<Keyring> keyring(new Keyring);
  keyring->calls_->may_ask = may_ask;
  if (keyring->calls_->open()) return keyring;
  trouble = "It cannot be reached; see: forgelink doctor";
  return nullptr;
}

std::vector<Keyring::Item> Keyring::search(const Attributes& attributes) {
  GHashTable* table = g_hash_table_new(g_str_hash, g_str_equal);
  for (const auto& [name, value] : attributes)
    g_hash_table_insert(table, const_cast<char*>(name.c_str()), const_cast<char*>(value.c_str()));
  const int flags = SECRET_SEARCH_ALL | SECRET_SEARCH_LOAD_SECRETS |
                    (calls_->may_ask ? SECRET_SEARCH_UNLOCK : SECRET_SEARCH_NONE);
  const Patience patience(calls_->may_ask ? patience_with_person : patience_with_service);
  GError* error = nullptr;
  GList* list = secret_service_search_sync(calls_->service, nullptr, table,
                                           static_cast<SecretSearchFlags>(flags), patience, &error);
  g_hash_table_unref(table);
  if (error != nullptr) {
    failed_ = true;
    g_error_free(error);
  }
  std::vector<Item> items;
  for (GList* one = list; one != nullptr; one = one->next) {
    std::optional<Item> item = calls_->read(static_cast<SecretItem*>(one->data));
    if (item) {
      items.push_back(*std::move(item));
    } else {
      ++locked_;
    }
    g_object_unref(one->data);
  }
  g_list_free(list);
  return items;
}

}  // namespace forgelink::cli
