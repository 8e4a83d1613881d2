#include "storage/secret_service_calls.hpp"

#define SECRET_WITH_UNSTABLE 1
#define SECRET_API_SUBJECT_TO_CHANGE 1
#include <libsecret/secret.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

#include "base/paths.hpp"

namespace forgelink {
namespace {

constexpr const char* service_name = "org.freedesktop.secrets";
constexpr const char* service_path = "/org/freedesktop/secrets";
constexpr const char* service_interface = "org.freedesktop.Secret.Service";
constexpr const char* schema = "org.forgelink.Token";
constexpr int patience_ms = 2800;  // a little less than the 3 s that callers wait

struct Unref {
  void operator()(GVariant* value) const { g_variant_unref(value); }
  void operator()(SecretValue* value) const { secret_value_unref(value); }
  void operator()(GHashTable* table) const { g_hash_table_unref(table); }
  void operator()(GError* error) const { g_error_free(error); }
  void operator()(char* text) const { g_free(text); }
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

// A GError on its way out of a C call.
class Problem {
 public:
  ~Problem() { g_clear_error(&error_); }
  GError** out() {
    g_clear_error(&error_);
    return &error_;
  }
  explicit operator bool() const { return error_ != nullptr; }

  std::string name() const {
    const Owned<char> remote(g_dbus_error_get_remote_error(error_));
    return remote ? remote.get() : "";
  }
  std::string text() const {
    Owned<GError> copy(g_error_copy(error_));
    g_dbus_error_strip_remote_error(copy.get());
    return copy->message;
  }
  bool is(GQuark domain, int code) const {
    return error_ != nullptr && g_error_matches(error_, domain, code);
  }

  // The service was restarted under us, or has not noticed us yet (gnome-keyring 42 answers UnknownMethod to
  // a client that it has just seen): worth a second try.
  bool is_stale() const {
    if (error_ == nullptr) return false;
    const std::string remote = name();
    return remote == "org.freedesktop.DBus.Error.UnknownMethod" ||
           remote == "org.freedesktop.DBus.Error.UnknownObject" ||
           remote == "org.freedesktop.DBus.Error.NoReply" ||
           remote == "org.freedesktop.DBus.Error.NameHasNoOwner" ||
           remote == "org.freedesktop.Secret.Error.NoSession" || is(G_IO_ERROR, G_IO_ERROR_CLOSED);
  }

  Error error() const {
    const std::string remote = error_ != nullptr ? name() : "";
    if (remote == "org.freedesktop.Secret.Error.IsLocked") return locked();
    if (is(G_IO_ERROR, G_IO_ERROR_CANCELLED) || is(G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
        remote == "org.freedesktop.DBus.Error.NoReply") {
      return {.code = Errc::keyring_unavailable,
              .message = "The keyring does not answer.",
              .hint = "See what mends it: forgelink doctor"};
    }
    return {.code = Errc::keyring_unavailable,
            .message =
                "The keyring cannot be reached" + (error_ != nullptr ? ": " + text() : std::string()) + ".",
            .hint = "See what mends it: forgelink doctor"};
  }

  static Error locked() {
    return {.code = Errc::keyring_locked,
            .message = "The keyring is locked.",
            .hint = "Unlock it, then try again; how: forgelink doctor"};
  }

 private:
  GError* error_ = nullptr;
};

// Ties a stop_token to a GCancellable for the length of a call.
class Cancel {
 public:
  explicit Cancel(const std::stop_token& stop)
      : cancellable_(g_cancellable_new()),
        callback_(stop, [raw = cancellable_.get()] { g_cancellable_cancel(raw); }) {}
  operator GCancellable*() const { return cancellable_.get(); }

 private:
  Owned<GCancellable> cancellable_;
  std::stop_callback<std::function<void()>> callback_;
};

bool has_bus_address() {
  const char* address = std::getenv("DBUS_SESSION_BUS_ADDRESS");
  if (address != nullptr && *address != '\0') return true;
  // GLib would go on and start an X11 bus of its own.
  return access((runtime_dir() / "bus").c_str(), F_OK) == 0;
}

Error no_collection() {
  return {.code = Errc::keyring_unavailable,
          .message = "The keyring has no default collection to keep tokens in.",
          .hint = "Make one, for instance in Seahorse (\"Passwords and Keys\"), and make it the default."};
}

}  // namespace

// One connection to the session bus and one session with the service.
class SecretServiceCalls::Bus {
 public:
  // Null where there is no bus.
  static std::unique_ptr<Bus> open(GCancellable* cancel, Problem& problem) {
    if (!has_bus_address()) return nullptr;
    const Owned<char> address(g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SESSION, cancel, problem.out()));
    if (!address) return nullptr;
    auto bus = std::make_unique<Bus>();
    // libsecret asks for the shared connection, so that is the one whose end must not end us.
    bus->connection.reset(g_bus_get_sync(G_BUS_TYPE_SESSION, cancel, problem.out()));
    if (!bus->connection) return nullptr;
    g_dbus_connection_set_exit_on_close(bus->connection.get(), FALSE);
    return bus;
  }

  bool is_open() const { return g_dbus_connection_is_closed(connection.get()) == FALSE; }

  Owned<GVariant> call(const char* to, const char* path, const char* interface, const char* method,
                       GVariant* arguments, const char* reply, GCancellable* cancel, Problem& problem) {
    return Owned<GVariant>(g_dbus_connection_call_sync(
        connection.get(), to, path, interface, method, arguments, G_VARIANT_TYPE(reply),
        G_DBUS_CALL_FLAGS_NONE, patience_ms, cancel, problem.out()));
  }

  // "/" where the service has no collection of that name.
  std::string alias(const char* name, GCancellable* cancel, Problem& problem) {
    const auto reply = call(service_name, service_path, service_interface, "ReadAlias",
                            g_variant_new("(s)", name), "(o)", cancel, problem);
    if (!reply) return "";
    const char* path = nullptr;
    g_variant_get(reply.get(), "(&o)", &path);
    return path;
  }

  std::optional<bool> is_locked(const std::string& object, const char* interface, GCancellable* cancel,
                                Problem& problem) {
    const auto reply = call(service_name, object.c_str(), "org.freedesktop.DBus.Properties", "Get",
                            g_variant_new("(ss)", interface, "Locked"), "(v)", cancel, problem);
    if (!reply) return std::nullopt;
    GVariant* inner = nullptr;
    g_variant_get(reply.get(), "(v)", &inner);
    const Owned<GVariant> value(inner);
    return g_variant_get_boolean(value.get()) != FALSE;
  }

  struct Found {
    std::vector<std::string> unlocked, locked;
  };
  std::optional<Found> search(const std::vector<std::pair<const char*, std::string>>& attributes,
                              GCancellable* cancel, Problem& problem) {
    GVariantBuilder wanted;
    g_variant_builder_init(&wanted, G_VARIANT_TYPE("a{ss}"));
    for (const auto& [key, value] : attributes) g_variant_builder_add(&wanted, "{ss}", key, value.c_str());
    const auto reply = call(service_name, service_path, service_interface, "SearchItems",
                            g_variant_new("(a{ss})", &wanted), "(aoao)", cancel, problem);
    if (!reply) return std::nullopt;
    Found found;
    for (const auto& [index, into] : {std::pair(0, &found.unlocked), std::pair(1, &found.locked)}) {
      const Owned<GVariant> list(g_variant_get_child_value(reply.get(), static_cast<gsize>(index)));
      GVariantIter each;
      g_variant_iter_init(&each, list.get());
      const char* path = nullptr;
      while (g_variant_iter_next(&each, "&o", &path) != FALSE) into->emplace_back(path);
    }
    return found;
  }

  std::string attribute(const std::string& item, const char* name, GCancellable* cancel, Problem& problem) {
    const auto reply =
        call(service_name, item.c_str(), "org.freedesktop.DBus.Properties", "Get",
             g_variant_new("(ss)", "org.freedesktop.Secret.Item", "Attributes"), "(v)", cancel, problem);
    if (!reply) return "";
    GVariant* inner = nullptr;
    g_variant_get(reply.get(), "(v)", &inner);
    const Owned<GVariant> attributes(inner);
    const char* value = nullptr;
    return g_variant_lookup(attributes.get(), name, "&s", &value) != FALSE ? value : "";
  }

  // The encrypted session that secrets travel in.
  SecretService* session(GCancellable* cancel, Problem& problem) {
    if (!service)
      service.reset(secret_service_open_sync(SECRET_TYPE_SERVICE, nullptr, SECRET_SERVICE_OPEN_SESSION,
                                             cancel, problem.out()));
    return service.get();
  }

  // True if a person unlocked it; false if they dismissed the question.
  bool unlock(const std::string& object, GCancellable* cancel, Problem& problem) {
    SecretService* open = session(cancel, problem);
    if (open == nullptr) return false;
    const char* objects[] = {object.c_str(), nullptr};
    char** unlocked = nullptr;
    const gint count = secret_service_unlock_dbus_paths_sync(open, objects, cancel, &unlocked, problem.out());
    g_strfreev(unlocked);
    return count > 0;
  }

  Owned<GDBusConnection> connection;
  Owned<SecretService> service;
};

namespace {

// Makes a call, and once more on a fresh connection if the first was stale.
template <class BusPtr, class Work>
auto with_bus(BusPtr& bus, GCancellable* cancel, const std::function<BusPtr(Problem&)>& open, Work work)
    -> decltype(work(*bus, std::declval<Problem&>())) {
  for (int attempt = 0;; ++attempt) {
    Problem problem;
    if (bus && !bus->is_open()) bus.reset();
    if (!bus) bus = open(problem);
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
  if (bus_ && !bus_->is_open()) bus_.reset();
  if (!bus_) bus_ = Bus::open(cancel, problem);
  if (!bus_) return {.absent = true, .trouble = "There is no session bus."};

  const auto names = [&](const char* method) {
    const auto reply = bus_->call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                  method, nullptr, "(as)", cancel, problem);
    if (!reply) return false;
    const Owned<GVariant> list(g_variant_get_child_value(reply.get(), 0));
    std::size_t count = 0;
    const std::unique_ptr<const char*[], decltype(&g_free)> all(g_variant_get_strv(list.get(), &count),
                                                                g_free);
    for (std::size_t i = 0; i < count; ++i) {
      if (std::string_view(all[i]) == service_name) return true;
    }
    return false;
  };
  if (!names("ListNames") && !names("ListActivatableNames")) {
    if (!problem) return {.absent = true, .trouble = "There is no Secret Service on the session bus."};
    return {.trouble = problem.error().message};
  }

  std::string collection = bus_->alias("default", cancel, problem);
  if (collection.empty() && problem.is_stale()) collection = bus_->alias("default", cancel, problem);
  if (collection.empty()) {
    // Offered, but it does not start: as good as none.
    const bool dead = problem.name().starts_with("org.freedesktop.DBus.Error.Spawn") ||
                      problem.name() == "org.freedesktop.DBus.Error.ServiceUnknown";
    if (dead)
      return {.absent = true, .trouble = "The Secret Service does not start: " + problem.text() + "."};
    return {.trouble = problem.error().message};
  }
  if (collection == "/") return {.trouble = no_collection().message + " " + no_collection().hint};
  const auto locked = bus_->is_locked(collection, "org.freedesktop.Secret.Collection", cancel, problem);
  if (!locked) return {.trouble = problem.error().message};
  if (*locked) return {.state = StoreState::locked, .trouble = Problem::locked().message};
  return {.state = StoreState::available};
}

Result<> SecretServiceCalls::put(const SecretStore::NewItem& item, Prompt prompt, std::stop_token stop) {
  const Cancel cancel(stop);
  const auto work = [&](Bus& bus, Problem& problem) -> Result<> {
    const bool session = item.retention == Retention::session;
    const std::string collection = bus.alias(session ? "session" : "default", cancel, problem);
    if (collection.empty()) return problem.error();
    if (collection == "/" && session)
      return Error{.code = Errc::not_found, .message = "The keyring has no session collection."};
    if (collection == "/") return no_collection();
    const auto locked = bus.is_locked(collection, "org.freedesktop.Secret.Collection", cancel, problem);
    if (!locked) return problem.error();
    if (*locked) {
      if (prompt == Prompt::never) return Problem::locked();
      if (!bus.unlock(collection, cancel, problem)) return problem ? problem.error() : Problem::locked();
    }
    SecretService* service = bus.session(cancel, problem);
    if (service == nullptr) return problem.error();

    GVariantBuilder attributes;
    g_variant_builder_init(&attributes, G_VARIANT_TYPE("a{ss}"));
    for (const auto& [key, value] : attributes_of(registry_, item.id.text()))
      g_variant_builder_add(&attributes, "{ss}", key, value.c_str());
    if (!item.connection.empty())
      g_variant_builder_add(&attributes, "{ss}", "connection", item.connection.c_str());
    const Owned<GHashTable> properties(
        g_hash_table_new_full(g_str_hash, g_str_equal, nullptr,
                              [](gpointer value) { g_variant_unref(static_cast<GVariant*>(value)); }));
    const auto set = [&](const char* name, GVariant* value) {
      g_hash_table_insert(properties.get(), const_cast<char*>(name), g_variant_ref_sink(value));
    };
    set("org.freedesktop.Secret.Item.Label", g_variant_new_string(item.label.c_str()));
    set("org.freedesktop.Secret.Item.Attributes", g_variant_builder_end(&attributes));

    const std::string_view text = item.secret.reveal();
    const Owned<SecretValue> value(
        secret_value_new(text.data(), static_cast<gssize>(text.size()), "text/plain"));
    const Owned<char> made(
        secret_service_create_item_dbus_path_sync(service, collection.c_str(), properties.get(), value.get(),
                                                  SECRET_ITEM_CREATE_NONE, cancel, problem.out()));
    if (!made) return problem.error();
    return {};
  };
  return with_bus<std::unique_ptr<Bus>>(
      bus_, cancel, [&](Problem& problem) { return Bus::open(cancel, problem); }, work);
}

Result<Secret> SecretServiceCalls::get(ItemId id, Prompt prompt, std::stop_token stop) {
  const Cancel cancel(stop);
  const auto work = [&](Bus& bus, Problem& problem) -> Result<Secret> {
    const auto found = bus.search(attributes_of(registry_, id.text()), cancel, problem);
    if (!found) return problem.error();
    std::string path;
    if (!found->unlocked.empty()) {
      path = found->unlocked.front();
    } else if (!found->locked.empty()) {
      path = found->locked.front();
      if (prompt == Prompt::never) return Problem::locked();
      if (!bus.unlock(path, cancel, problem)) return problem ? problem.error() : Problem::locked();
    } else {
      // Not among what can be seen. A keyring that is locked or missing may still have it.
      const std::string collection = bus.alias("default", cancel, problem);
      if (collection.empty()) return problem.error();
      if (collection == "/") return no_collection();
      const auto locked = bus.is_locked(collection, "org.freedesktop.Secret.Collection", cancel, problem);
      if (!locked) return problem.error();
      if (*locked) return Problem::locked();
      return Error{.code = Errc::not_found, .message = "The token is not in the keyring any more."};
    }
    SecretService* service = bus.session(cancel, problem);
    if (service == nullptr) return problem.error();
    const Owned<SecretValue> value(
        secret_service_get_secret_for_dbus_path_sync(service, path.c_str(), cancel, problem.out()));
    if (!value) return problem ? problem.error() : Problem::locked();
    gsize size = 0;
    const char* text = secret_value_get(value.get(), &size);
    return Secret(std::string_view(text, size));
  };
  return with_bus<std::unique_ptr<Bus>>(
      bus_, cancel, [&](Problem& problem) { return Bus::open(cancel, problem); }, work);
}

Result<> SecretServiceCalls::erase(ItemId id, std::stop_token stop) {
  const Cancel cancel(stop);
  const auto work = [&](Bus& bus, Problem& problem) -> Result<> {
    const auto found = bus.search(attributes_of(registry_, id.text()), cancel, problem);
    if (!found) return problem.error();
    for (const std::string& path : found->unlocked) {
      const auto reply = bus.call(service_name, path.c_str(), "org.freedesktop.Secret.Item", "Delete",
                                  nullptr, "(o)", cancel, problem);
      if (!reply) return problem.error();
      const char* question = nullptr;
      g_variant_get(reply.get(), "(&o)", &question);
      if (std::string_view(question) != "/") return Problem::locked();
    }
    if (!found->locked.empty()) return Problem::locked();
    return {};
  };
  return with_bus<std::unique_ptr<Bus>>(
      bus_, cancel, [&](Problem& problem) { return Bus::open(cancel, problem); }, work);
}

Result<std::vector<ItemId>> SecretServiceCalls::list(std::stop_token stop) {
  const Cancel cancel(stop);
  const auto work = [&](Bus& bus, Problem& problem) -> Result<std::vector<ItemId>> {
    auto found = bus.search(attributes_of(registry_, ""), cancel, problem);
    if (!found) return problem.error();
    std::vector<ItemId> items;
    found->unlocked.insert(found->unlocked.end(), found->locked.begin(), found->locked.end());
    for (const std::string& path : found->unlocked) {
      if (stop.stop_requested()) return problem.error();
      if (const auto id = ItemId::parse(bus.attribute(path, "item", cancel, problem))) items.push_back(*id);
    }
    return items;
  };
  return with_bus<std::unique_ptr<Bus>>(
      bus_, cancel, [&](Problem& problem) { return Bus::open(cancel, problem); }, work);
}

}  // namespace forgelink
