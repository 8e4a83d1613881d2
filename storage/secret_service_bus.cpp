// SPDX-License-Identifier: MIT
#include "storage/secret_service_bus.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "base/paths.hpp"

namespace forgelink {
namespace {

constexpr const char* service_path = "/org/freedesktop/secrets";
constexpr const char* service_interface = "org.freedesktop.Secret.Service";
constexpr const char* find_out = "Find out why: forgelink doctor";
constexpr int patience_ms = 2800;  // a little less than the 3 s that callers wait

std::vector<std::string> paths_of(GVariant* list) {
  std::vector<std::string> paths;
  GVariantIter each;
  g_variant_iter_init(&each, list);
  const char* path = nullptr;
  while (g_variant_iter_next(&each, "&o", &path) != FALSE) paths.emplace_back(path);
  return paths;
}

bool has_bus_address() {
  const char* address = std::getenv("DBUS_SESSION_BUS_ADDRESS");
  if (address != nullptr && *address != '\0') return true;
  // GLib would go on and start an X11 bus of its own.
  return access((runtime_dir() / "bus").c_str(), F_OK) == 0;
}

}  // namespace

std::string Problem::name() const {
  const Owned<char> remote(g_dbus_error_get_remote_error(error_));
  return remote ? remote.get() : "";
}

std::string Problem::text() const {
  Owned<GError> copy(g_error_copy(error_));
  g_dbus_error_strip_remote_error(copy.get());
  return copy->message;
}

bool Problem::is(GQuark domain, int code) const {
  return error_ != nullptr && g_error_matches(error_, domain, code);
}

bool Problem::is_stale() const {
  if (error_ == nullptr) return false;
  const std::string remote = name();
  return remote == "org.freedesktop.DBus.Error.UnknownMethod" ||
         remote == "org.freedesktop.DBus.Error.UnknownObject" ||
         remote == "org.freedesktop.DBus.Error.NoReply" ||
         remote == "org.freedesktop.DBus.Error.NameHasNoOwner" ||
         remote == "org.freedesktop.Secret.Error.NoSession" || is(G_IO_ERROR, G_IO_ERROR_CLOSED);
}

bool Problem::is_silence() const {
  return is(G_IO_ERROR, G_IO_ERROR_CANCELLED) || is(G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
         (error_ != nullptr && name() == "org.freedesktop.DBus.Error.NoReply");
}

Error Problem::error() const {
  if (error_ != nullptr && name() == "org.freedesktop.Secret.Error.IsLocked") return locked();
  if (is_silence()) return no_answer();
  const std::string why = error_ != nullptr ? ": " + text() : "";
  return {.code = Errc::keyring_unavailable,
          .message = "The keyring cannot be reached" + why + ".",
          .hint = find_out};
}

Error Problem::no_answer() {
  return {.code = Errc::keyring_unavailable, .message = "The keyring does not answer.", .hint = find_out};
}

Error Problem::locked() {
  return {.code = Errc::keyring_locked,
          .message = "The keyring is locked.",
          .hint = "Unlock it, then try again; how: forgelink doctor"};
}

std::unique_ptr<SecretServiceBus> SecretServiceBus::open(GCancellable* cancel, Problem& problem) {
  if (!has_bus_address()) return nullptr;
  const Owned<char> address(g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SESSION, cancel, problem.out()));
  if (!address) return nullptr;
  auto bus = std::make_unique<SecretServiceBus>();
  // libsecret asks for the shared connection, so that is the one whose end must not end us.
  bus->connection_.reset(g_bus_get_sync(G_BUS_TYPE_SESSION, cancel, problem.out()));
  if (!bus->connection_) return nullptr;
  g_dbus_connection_set_exit_on_close(bus->connection_.get(), FALSE);
  return bus;
}

bool SecretServiceBus::is_open() const { return g_dbus_connection_is_closed(connection_.get()) == FALSE; }

Owned<GVariant> SecretServiceBus::call(const char* to, const char* path, const char* interface,
                                       const char* method, GVariant* arguments, const char* reply,
                                       GCancellable* cancel, Problem& problem) {
  return Owned<GVariant>(g_dbus_connection_call_sync(connection_.get(), to, path, interface, method,
                                                     arguments, G_VARIANT_TYPE(reply), G_DBUS_CALL_FLAGS_NONE,
                                                     patience_ms, cancel, problem.out()));
}

bool SecretServiceBus::offers_the_service(GCancellable* cancel, Problem& problem) {
  return is_among("ListNames", cancel, problem) || is_among("ListActivatableNames", cancel, problem);
}

bool SecretServiceBus::is_among(const char* method, GCancellable* cancel, Problem& problem) {
  const auto reply = call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
                          nullptr, "(as)", cancel, problem);
  if (!reply) return false;
  const Owned<GVariant> list(g_variant_get_child_value(reply.get(), 0));
  GVariantIter each;
  g_variant_iter_init(&each, list.get());
  const char* name = nullptr;
  while (g_variant_iter_next(&each, "&s", &name) != FALSE) {
    if (std::string_view(name) == secret_service_name) return true;
  }
  return false;
}

std::string SecretServiceBus::alias(const char* name, GCancellable* cancel, Problem& problem) {
  const auto reply = call(secret_service_name, service_path, service_interface, "ReadAlias",
                          g_variant_new("(s)", name), "(o)", cancel, problem);
  if (!reply) return "";
  const char* path = nullptr;
  g_variant_get(reply.get(), "(&o)", &path);
  return path;
}

std::optional<Owned<GVariant>> SecretServiceBus::property(const std::string& object, const char* interface,
                                                          const char* name, GCancellable* cancel,
                                                          Problem& problem) {
  const auto reply = call(secret_service_name, object.c_str(), "org.freedesktop.DBus.Properties", "Get",
                          g_variant_new("(ss)", interface, name), "(v)", cancel, problem);
  if (!reply) return std::nullopt;
  GVariant* value = nullptr;
  g_variant_get(reply.get(), "(v)", &value);
  return Owned<GVariant>(value);
}

std::optional<std::vector<std::string>> SecretServiceBus::collections(GCancellable* cancel,
                                                                      Problem& problem) {
  const auto list = property(service_path, service_interface, "Collections", cancel, problem);
  if (!list) return std::nullopt;
  return paths_of(list->get());
}

std::optional<bool> SecretServiceBus::is_locked(Object kind, const std::string& path, GCancellable* cancel,
                                                Problem& problem) {
  const char* interface =
      kind == Object::item ? "org.freedesktop.Secret.Item" : "org.freedesktop.Secret.Collection";
  const auto locked = property(path, interface, "Locked", cancel, problem);
  if (!locked) return std::nullopt;
  return g_variant_get_boolean(locked->get()) != FALSE;
}

std::optional<SecretServiceBus::Found> SecretServiceBus::search(
    const std::vector<std::pair<const char*, std::string>>& attributes, GCancellable* cancel,
    Problem& problem) {
  GVariantBuilder wanted;
  g_variant_builder_init(&wanted, G_VARIANT_TYPE("a{ss}"));
  for (const auto& [key, value] : attributes) g_variant_builder_add(&wanted, "{ss}", key, value.c_str());
  const auto reply = call(secret_service_name, service_path, service_interface, "SearchItems",
                          g_variant_new("(a{ss})", &wanted), "(aoao)", cancel, problem);
  if (!reply) return std::nullopt;
  Found found;
  for (const auto& [index, into] : {std::pair(0, &found.unlocked), std::pair(1, &found.locked)}) {
    const Owned<GVariant> list(g_variant_get_child_value(reply.get(), static_cast<gsize>(index)));
    *into = paths_of(list.get());
  }
  return found;
}

std::string SecretServiceBus::attribute(const std::string& item, const char* name, GCancellable* cancel,
                                        Problem& problem) {
  const auto attributes = property(item, "org.freedesktop.Secret.Item", "Attributes", cancel, problem);
  if (!attributes) return "";
  const char* value = nullptr;
  return g_variant_lookup(attributes->get(), name, "&s", &value) != FALSE ? value : "";
}

bool SecretServiceBus::create(const std::string& collection, const Item& item, GCancellable* cancel,
                              Problem& problem) {
  SecretService* service = session(cancel, problem);
  if (service == nullptr) return false;
  GVariantBuilder attributes;
  g_variant_builder_init(&attributes, G_VARIANT_TYPE("a{ss}"));
  for (const auto& [key, value] : item.attributes)
    g_variant_builder_add(&attributes, "{ss}", key, value.c_str());
  const Owned<GHashTable> properties(
      g_hash_table_new_full(g_str_hash, g_str_equal, nullptr,
                            [](gpointer value) { g_variant_unref(static_cast<GVariant*>(value)); }));
  const auto set = [&](const char* name, GVariant* value) {
    g_hash_table_insert(properties.get(), const_cast<char*>(name), g_variant_ref_sink(value));
  };
  set("org.freedesktop.Secret.Item.Label", g_variant_new_string(item.label.c_str()));
  set("org.freedesktop.Secret.Item.Attributes", g_variant_builder_end(&attributes));
  const Owned<SecretValue> value(
      secret_value_new(item.text.data(), static_cast<gssize>(item.text.size()), "text/plain"));
  const Owned<char> made(
      secret_service_create_item_dbus_path_sync(service, collection.c_str(), properties.get(), value.get(),
                                                SECRET_ITEM_CREATE_NONE, cancel, problem.out()));
  return made != nullptr;
}

std::optional<bool> SecretServiceBus::erase(const std::string& item, GCancellable* cancel, Problem& problem) {
  const auto reply = call(secret_service_name, item.c_str(), "org.freedesktop.Secret.Item", "Delete", nullptr,
                          "(o)", cancel, problem);
  if (!reply) return std::nullopt;
  const char* question = nullptr;
  g_variant_get(reply.get(), "(&o)", &question);
  // Else the path of a prompt: nothing is deleted before a person has agreed (Secret Service API, Prompts).
  if (std::string_view(question) == "/") return true;
  // A question that is not asked lies about in the service otherwise.
  Problem ignored;
  call(secret_service_name, question, "org.freedesktop.Secret.Prompt", "Dismiss", nullptr, "()", cancel,
       ignored);
  return false;
}

bool SecretServiceBus::erase_asking(const std::string& item, GCancellable* cancel, Problem& problem) {
  SecretService* open = session(cancel, problem);
  if (open == nullptr) return false;
  secret_service_delete_item_dbus_path_sync(open, item.c_str(), cancel, problem.out());
  return !problem;
}

SecretService* SecretServiceBus::session(GCancellable* cancel, Problem& problem) {
  if (!service_)
    service_.reset(secret_service_open_sync(SECRET_TYPE_SERVICE, nullptr, SECRET_SERVICE_OPEN_SESSION, cancel,
                                            problem.out()));
  return service_.get();
}

bool SecretServiceBus::unlock(Object kind, const std::string& path, GCancellable* cancel, Problem& problem) {
  SecretService* open = session(cancel, problem);
  if (open == nullptr) return false;
  const char* objects[] = {path.c_str(), nullptr};
  char** unlocked = nullptr;
  const gint count = secret_service_unlock_dbus_paths_sync(open, objects, cancel, &unlocked, problem.out());
  g_strfreev(unlocked);
  if (count <= 0) return false;
  // KWallet says that it unlocked what the person refused to unlock, and gives empty secrets then.
  const auto locked = is_locked(kind, path, cancel, problem);
  return locked && !*locked;
}

}  // namespace forgelink
