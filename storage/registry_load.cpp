// SPDX-License-Identifier: MIT
// Opening a registry: everything is read once, so that later reads cannot fail.
#include <sqlite3.h>

#include "base/memory.hpp"
#include "storage/connection_row.hpp"
#include "storage/migrations.hpp"
#include "storage/registry_file.hpp"
#include "storage/registry_impl.hpp"
#include "storage/rule_rows.hpp"

namespace forgelink {
namespace {

// What one takes in memory, with its names in the index; a usual one.
constexpr std::size_t bytes_of_connection = 1100;

Store store_named(std::string_view name) {
  for (const Store store : {Store::memory, Store::secret_service}) {
    if (name_of(store) == name) return store;
  }
  return Store::none;
}

}  // namespace

Error registry_error(const SQLite::Exception& error) {
  const int code = error.getErrorCode() & 0xff;
  std::string why = error.what();
  if (code == SQLITE_FULL) why = "the disk is full";
  if (code == SQLITE_READONLY) why = "it cannot be written";
  return {.code = Errc::database_failed,
          .message = "The registry of connections could not be changed: " + why + ".",
          .hint = "Nothing was changed. Fix that and try again."};
}

Registry::Impl::Impl(const std::filesystem::path& folder)
    : lock(std::in_place, made_private(folder)), database(open_registry_file(folder)) {
  load();
}

Registry::Impl::Impl() : database(std::make_unique<SQLite::Database>(":memory:", SQLite::OPEN_READWRITE)) {
  load();
}

void Registry::Impl::load() {
  try {
    database->exec("PRAGMA foreign_keys = ON");
    // Marked first: a kill between the two must not leave tables that the next start takes for a stranger's.
    mark_as_ours(*database);
    migrate(*database, migrations());
    load_metadata();
    registry_id = metadata["registry"];
    if (registry_id.empty()) {
      registry_id = to_text(make_uuid());
      write_metadata("registry", registry_id);
    }
    load_connections();
    load_stored_credentials();
    load_oauth_apps();
    load_dropped_items();
    rules = read_rules(*database);
    load_access_grants();
  } catch (const std::exception& error) {
    throw unreadable(database->getFilename(), error.what());
  }
}

void Registry::Impl::load_connections() {
  std::optional<HeapReserve> reserve;
  const auto count =
      static_cast<std::size_t>(database->execAndGet("SELECT count(*) FROM connections").getInt64());
  // Few fit into what the heap has anyhow, and leave no half of a huge page over.
  if (count >= 10'000) reserve.emplace(count * bytes_of_connection);
  SQLite::Statement rows(*database, std::string("SELECT ") + connection_columns + " FROM connections");
  connections.fill([&](Connection& connection) {
    if (!rows.executeStep()) return false;
    read_row(rows, connection);
    return true;
  });
}

void Registry::Impl::load_stored_credentials() {
  SQLite::Statement rows(
      *database, "SELECT protocol, host, path, username, authtype, store, item FROM stored_credentials");
  while (rows.executeStep()) {
    const auto item = ItemId::parse(rows.getColumn(6).getString());
    if (!item) continue;
    stored_credentials.push_back({.protocol = rows.getColumn(0).getString(),
                                  .host = rows.getColumn(1).getString(),
                                  .path = rows.getColumn(2).getString(),
                                  .username = rows.getColumn(3).getString(),
                                  .authtype = rows.getColumn(4).getString(),
                                  .store = store_named(rows.getColumn(5).getString()),
                                  .item = *item});
  }
}

void Registry::Impl::load_oauth_apps() {
  SQLite::Statement rows(
      *database, "SELECT type, server_url, client_id, store, item FROM oauth_apps ORDER BY type, server_url");
  while (rows.executeStep()) {
    OAuthApp app{.type = rows.getColumn(0).getString(),
                 .server_url = rows.getColumn(1).getString(),
                 .client_id = rows.getColumn(2).getString(),
                 .store = store_named(rows.getColumn(3).getString())};
    if (!rows.getColumn(4).isNull()) app.item = ItemId::parse(rows.getColumn(4).getString());
    oauth_apps.push_back(std::move(app));
  }
}

void Registry::Impl::load_metadata() {
  SQLite::Statement rows(*database, "SELECT key, value FROM metadata");
  while (rows.executeStep()) metadata[rows.getColumn(0).getString()] = rows.getColumn(1).getString();
}

void Registry::Impl::load_dropped_items() {
  SQLite::Statement rows(*database, "SELECT item FROM dropped_items");
  while (rows.executeStep()) {
    if (const auto item = ItemId::parse(rows.getColumn(0).getString())) dropped_items.insert(*item);
  }
}

void Registry::Impl::load_access_grants() {
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

}  // namespace forgelink
