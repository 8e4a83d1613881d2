// SPDX-License-Identifier: MIT
#include "storage/registry.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "storage/connection_index.hpp"
#include "storage/connection_row.hpp"
#include "storage/migrations.hpp"
#include "storage/name_key.hpp"
#include "storage/registry_file.hpp"
#include "storage/rule_rows.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;

Error failed(const SQLite::Exception& error) {
  const int code = error.getErrorCode() & 0xff;
  std::string why = error.what();
  if (code == SQLITE_FULL) why = "the disk is full";
  if (code == SQLITE_READONLY) why = "it cannot be written";
  return {.code = Errc::database_failed,
          .message = "The registry of connections could not be changed: " + why + ".",
          .hint = "Nothing was changed; try again once that is mended."};
}

// What SQLite throws becomes an Error here and nowhere else.
template <class Work>
Result<> guarded(Work work) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    return failed(error);
  }
}

}  // namespace

class Registry::Impl {
 public:
  explicit Impl(const fs::path& folder)
      : lock(std::in_place, made_private(folder)), database(open_registry_file(folder)) {
    load();
  }
  Impl() : database(std::make_unique<SQLite::Database>(":memory:", SQLite::OPEN_READWRITE)) { load(); }

  void load() {
    try {
      database->exec("PRAGMA foreign_keys = ON");
      migrate(*database, migrations());
      mark_as_ours(*database);
      registry_id = metadata("registry").value_or("");
      if (registry_id.empty()) {
        registry_id = to_text(make_uuid());
        write_metadata("registry", registry_id);
      }
      SQLite::Statement rows(*database, std::string("SELECT ") + connection_columns + " FROM connections");
      connections.fill([&](Connection& connection) {
        if (!rows.executeStep()) return false;
        read_row(rows, connection);
        return true;
      });
      load_stored_credentials();
      rules = read_rules(*database);
      load_access_grants();
    } catch (const std::exception& error) {
      throw unreadable(database->getFilename(), error.what());
    }
  }

  void load_stored_credentials() {
    SQLite::Statement rows(
        *database, "SELECT protocol, host, path, username, authtype, store, item FROM stored_credentials");
    while (rows.executeStep()) {
      const auto item = ItemId::parse(rows.getColumn(6).getString());
      if (!item) continue;
      stored_credentials.push_back(
          {.protocol = rows.getColumn(0).getString(),
           .host = rows.getColumn(1).getString(),
           .path = rows.getColumn(2).getString(),
           .username = rows.getColumn(3).getString(),
           .authtype = rows.getColumn(4).getString(),
           .store = rows.getColumn(5).getString() == "memory" ? Store::memory : Store::secret_service,
           .item = *item});
    }
  }

  void load_access_grants() {
    SQLite::Statement rows(*database,
                           "SELECT id, connection, executable, program, created_at FROM access_grants");
    while (rows.executeStep()) {
      const auto connection = ConnectionId::parse(rows.getColumn(1).getString());
      if (!connection) continue;
      access_grants.push_back({.id = rows.getColumn(0).getString(),
                               .connection = *connection,
                               .executable = rows.getColumn(2).getString(),
                               .program = rows.getColumn(3).getString(),
                               .created_at = Time(std::chrono::seconds(rows.getColumn(4).getInt64()))});
    }
  }

  std::optional<std::string> metadata(std::string_view key) const {
    SQLite::Statement query(*database, "SELECT value FROM metadata WHERE key = ?");
    query.bind(1, std::string(key));
    return query.executeStep() ? std::optional(query.getColumn(0).getString()) : std::nullopt;
  }

  void write_metadata(std::string_view key, std::string_view value) {
    SQLite::Statement write(
        *database, "INSERT INTO metadata VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    write.bind(1, std::string(key));
    write.bind(2, std::string(value));
    write.exec();
  }

  Result<> check_name(const Connection& connection) const {
    const Connection* holder = connections.find_by_name(name_key(connection.name));
    if (holder == nullptr || holder->id == connection.id) return {};
    return Error{.code = Errc::name_taken,
                 .message = "There is a connection “" + holder->name + "” already.",
                 .field = "name"};
  }

  std::optional<RegistryLock> lock;
  std::unique_ptr<SQLite::Database> database;
  std::string registry_id;
  ConnectionIndex connections;  // follows the disk
  std::vector<StoredCredential> stored_credentials;
  std::vector<Rule> rules;
  std::vector<AccessGrant> access_grants;

  struct Use {
    ConnectionId connection;
    std::string repository;
    bool operator<(const Use& other) const {
      return std::tie(connection, repository) < std::tie(other.connection, other.repository);
    }
  };
  // Known in memory only: the row must not count them before they are in their table, or a kill in between
  // would have them counted twice.
  std::int64_t unwritten_uses(ConnectionId id) const {
    auto use = new_uses.lower_bound({.connection = id, .repository = {}});
    std::int64_t count = 0;
    for (; use != new_uses.end() && use->connection == id; ++use) ++count;
    return count;
  }

  std::set<Use> new_uses;  // not written yet
  std::set<ConnectionId> used;
};

Registry::Registry(const fs::path& folder) : impl_(std::make_unique<Impl>(folder)) {}
Registry::Registry(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Registry::~Registry() = default;

std::unique_ptr<Registry> Registry::in_memory() {
  return std::unique_ptr<Registry>(new Registry(std::make_unique<Impl>()));
}

const std::string& Registry::id() const { return impl_->registry_id; }
std::size_t Registry::size() const { return impl_->connections.size(); }

const Connection* Registry::find(ConnectionId id) const { return std::as_const(impl_->connections).find(id); }

const Connection* Registry::find_by_name(std::string_view name) const {
  return impl_->connections.find_by_name(name_key(name));
}

std::vector<const Connection*> Registry::page(std::string_view after, std::size_t limit,
                                              std::string_view type) const {
  return impl_->connections.page(after, limit, type);
}

std::size_t Registry::count(std::string_view type) const { return impl_->connections.count(type); }

void Registry::for_each(const std::function<void(const Connection&)>& visit) const {
  impl_->connections.for_each(visit);
}

Result<> Registry::insert(const Connection& connection) {
  if (Result<> free = impl_->check_name(connection); !free) return free;
  return guarded([&]() -> Result<> {
    SQLite::Statement insert(*impl_->database, std::string("INSERT INTO connections (") + connection_columns +
                                                   ") VALUES (" + connection_marks + ")");
    bind_row(insert, connection, name_key(connection.name));
    insert.exec();
    impl_->connections.keep(connection);
    return {};
  });
}

Error connection_gone() {
  return {.code = Errc::not_found,
          .message = "The connection has been removed meanwhile.",
          .field = "connection",
          .hint = "See what there is: forgelink list"};
}

Result<> Registry::update(const Connection& connection) {
  if (find(connection.id) == nullptr) return connection_gone();
  if (Result<> free = impl_->check_name(connection); !free) return free;
  return guarded([&]() -> Result<> {
    // One statement for the whole row: a row that names an item is never half-written.
    SQLite::Statement update(*impl_->database, std::string("UPDATE connections SET (") + connection_columns +
                                                   ") = (" + connection_marks + ") WHERE id = ?1");
    Connection written = connection;
    written.repositories_used -= impl_->unwritten_uses(connection.id);
    bind_row(update, written, name_key(connection.name));
    update.exec();
    impl_->connections.keep(connection);
    return {};
  });
}

Result<> Registry::remove(ConnectionId id) {
  if (find(id) == nullptr) return connection_gone();
  return guarded([&]() -> Result<> {
    SQLite::Statement remove(*impl_->database, "DELETE FROM connections WHERE id = ?");
    remove.bind(1, id.text());
    remove.exec();
    impl_->connections.forget(id);
    impl_->used.erase(id);
    std::erase_if(impl_->rules, [&](const Rule& rule) { return rule.connection == id; });
    std::erase_if(impl_->access_grants, [&](const AccessGrant& one) { return one.connection == id; });
    std::erase_if(impl_->new_uses, [&](const Impl::Use& use) { return use.connection == id; });
    return {};
  });
}

void Registry::note_use(ConnectionId id, std::string_view repository, Time at) {
  Connection* connection = impl_->connections.find(id);
  if (connection == nullptr) return;
  connection->last_used_at = at;
  impl_->used.insert(id);
  Impl::Use use{.connection = id, .repository = std::string(repository)};
  if (impl_->new_uses.contains(use)) return;
  try {
    SQLite::Statement known(*impl_->database,
                            "SELECT 1 FROM repository_uses WHERE connection = ? AND repository = ?");
    known.bind(1, id.text());
    known.bind(2, use.repository);
    if (known.executeStep()) return;
  } catch (const SQLite::Exception&) {
    return;  // a count is not worth a push
  }
  ++connection->repositories_used;
  impl_->new_uses.insert(std::move(use));
}

bool Registry::uses_waiting() const { return !impl_->used.empty(); }

Result<> Registry::flush_uses() {
  if (!uses_waiting()) return {};
  return guarded([&]() -> Result<> {
    SQLite::Transaction transaction(*impl_->database);
    for (const ConnectionId& id : impl_->used) {
      const Connection* connection = find(id);
      if (connection == nullptr || !connection->last_used_at) continue;
      SQLite::Statement update(*impl_->database,
                               "UPDATE connections SET last_used_at = ?, repositories_used = ? WHERE id = ?");
      update.bind(1, static_cast<std::int64_t>(connection->last_used_at->time_since_epoch().count()));
      update.bind(2, connection->repositories_used);
      update.bind(3, id.text());
      update.exec();
    }
    for (const Impl::Use& use : impl_->new_uses) {
      SQLite::Statement insert(*impl_->database, "INSERT OR IGNORE INTO repository_uses VALUES (?, ?)");
      insert.bind(1, use.connection.text());
      insert.bind(2, use.repository);
      insert.exec();
    }
    transaction.commit();
    impl_->used.clear();
    impl_->new_uses.clear();
    return {};
  });
}

std::vector<StoredCredential> Registry::stored_credentials() const { return impl_->stored_credentials; }

Result<> Registry::remember(const StoredCredential& host, const std::vector<ItemId>& instead_of) {
  return guarded([&]() -> Result<> {
    // At once: two for one place, and the older one might be the one that git gets.
    SQLite::Transaction transaction(*impl_->database);
    for (const ItemId& former : instead_of) {
      SQLite::Statement remove(*impl_->database, "DELETE FROM stored_credentials WHERE item = ?");
      remove.bind(1, former.text());
      remove.exec();
    }
    SQLite::Statement insert(*impl_->database,
                             "INSERT INTO stored_credentials (protocol, host, path, username, authtype, store, "
                             "item) VALUES (?, ?, ?, ?, ?, ?, ?)");
    int at = 0;
    for (const std::string& text : {host.protocol, host.host, host.path, host.username, host.authtype,
                                    std::string(name_of(host.store)), host.item.text()}) {
      insert.bind(++at, text);
    }
    insert.exec();
    transaction.commit();
    std::erase_if(impl_->stored_credentials, [&](const StoredCredential& known) {
      return std::find(instead_of.begin(), instead_of.end(), known.item) != instead_of.end();
    });
    impl_->stored_credentials.push_back(host);
    return {};
  });
}

Result<> Registry::forget_credential(ItemId item) {
  return guarded([&]() -> Result<> {
    SQLite::Statement remove(*impl_->database, "DELETE FROM stored_credentials WHERE item = ?");
    remove.bind(1, item.text());
    remove.exec();
    std::erase_if(impl_->stored_credentials, [&](const StoredCredential& host) { return host.item == item; });
    return {};
  });
}

const std::vector<AccessGrant>& Registry::access_grants() const { return impl_->access_grants; }

Result<> Registry::keep_access_grant(const AccessGrant& grant) {
  return guarded([&]() -> Result<> {
    SQLite::Statement insert(*impl_->database,
                             "INSERT OR REPLACE INTO access_grants (id, connection, executable, program, "
                             "created_at) VALUES (?, ?, ?, ?, ?)");
    insert.bind(1, grant.id);
    insert.bind(2, grant.connection.text());
    insert.bind(3, grant.executable);
    insert.bind(4, grant.program);
    insert.bind(5, static_cast<std::int64_t>(grant.created_at.time_since_epoch().count()));
    insert.exec();
    std::erase_if(impl_->access_grants, [&](const AccessGrant& one) {
      return one.connection == grant.connection && one.executable == grant.executable;
    });
    impl_->access_grants.push_back(grant);
    return {};
  });
}

Result<> Registry::forget_access_grant(const std::string& id) {
  return guarded([&]() -> Result<> {
    SQLite::Statement remove(*impl_->database, "DELETE FROM access_grants WHERE id = ?");
    remove.bind(1, id);
    remove.exec();
    std::erase_if(impl_->access_grants, [&](const AccessGrant& one) { return one.id == id; });
    return {};
  });
}

const std::vector<Rule>& Registry::rules() const { return impl_->rules; }

Result<> Registry::put_rule(const Rule& rule, const std::vector<RuleId>& instead_of) {
  if (find(rule.connection) == nullptr) return connection_gone();
  return guarded([&]() -> Result<> {
    SQLite::Transaction transaction(*impl_->database);
    for (const RuleId& former : instead_of) delete_rule(*impl_->database, former);
    insert_rule(*impl_->database, rule);
    transaction.commit();
    if (!instead_of.empty()) std::erase_if(impl_->rules, [&](const Rule& known) {
      return std::find(instead_of.begin(), instead_of.end(), known.id) != instead_of.end();
    });
    impl_->rules.push_back(rule);
    return {};
  });
}

Result<> Registry::remove_rule(RuleId id) {
  return guarded([&]() -> Result<> {
    if (std::none_of(impl_->rules.begin(), impl_->rules.end(), [&](const Rule& rule) { return rule.id == id; }))
      return Error{.code = Errc::not_found,
                   .message = "There is no such rule.",
                   .field = "rule",
                   .hint = "See what there is: forgelink rules"};
    delete_rule(*impl_->database, id);
    std::erase_if(impl_->rules, [&](const Rule& rule) { return rule.id == id; });
    return {};
  });
}

std::vector<OAuthApp> Registry::oauth_apps() const {
  std::vector<OAuthApp> apps;
  SQLite::Statement query(*impl_->database,
                          "SELECT type, server_url, client_id, store, item FROM oauth_apps ORDER BY type, server_url");
  while (query.executeStep()) {
    OAuthApp app{.type = query.getColumn(0).getString(),
                 .server_url = query.getColumn(1).getString(),
                 .client_id = query.getColumn(2).getString()};
    const std::string store = query.getColumn(3).getString();
    app.store = store == "memory"           ? Store::memory
                : store == "secret-service" ? Store::secret_service
                                            : Store::none;
    if (!query.getColumn(4).isNull()) app.item = ItemId::parse(query.getColumn(4).getString());
    apps.push_back(std::move(app));
  }
  return apps;
}

std::optional<OAuthApp> Registry::oauth_app(std::string_view type, std::string_view server_url) const {
  for (OAuthApp& app : oauth_apps()) {
    if (app.type == type && app.server_url == server_url) return std::move(app);
  }
  return std::nullopt;
}

Result<> Registry::set_oauth_app(const OAuthApp& app) {
  return guarded([&]() -> Result<> {
    SQLite::Statement write(
        *impl_->database,
        "INSERT OR REPLACE INTO oauth_apps (type, server_url, client_id, store, item) VALUES (?, ?, ?, ?, ?)");
    write.bind(1, app.type);
    write.bind(2, app.server_url);
    write.bind(3, app.client_id);
    write.bind(4, std::string(name_of(app.store)));
    if (app.item) {
      write.bind(5, app.item->text());
    } else {
      write.bind(5);
    }
    write.exec();
    return {};
  });
}

Result<> Registry::remove_oauth_app(std::string_view type, std::string_view server_url) {
  return guarded([&]() -> Result<> {
    SQLite::Statement remove(*impl_->database, "DELETE FROM oauth_apps WHERE type = ? AND server_url = ?");
    remove.bind(1, std::string(type));
    remove.bind(2, std::string(server_url));
    remove.exec();
    return {};
  });
}

std::optional<std::string> Registry::metadata(std::string_view key) const { return impl_->metadata(key); }

Result<> Registry::set_metadata(std::string_view key, std::string_view value) {
  return guarded([&]() -> Result<> {
    impl_->write_metadata(key, value);
    return {};
  });
}

std::vector<ItemId> Registry::items_in_use() const {
  std::vector<ItemId> items;
  for_each([&](const Connection& connection) {
    if (connection.token.item) items.push_back(*connection.token.item);
  });
  for (const StoredCredential& host : impl_->stored_credentials) items.push_back(host.item);
  SQLite::Statement apps(*impl_->database, "SELECT item FROM oauth_apps WHERE item IS NOT NULL");
  while (apps.executeStep()) {
    if (const auto item = ItemId::parse(apps.getColumn(0).getString())) items.push_back(*item);
  }
  return items;
}

}  // namespace forgelink
