// SPDX-License-Identifier: MIT
#include "storage/migrations.hpp"

#include <string>

namespace forgelink {
namespace {

// Times are Unix seconds; lists are JSON; ids are UUIDs in their canonical form.
constexpr Migration steps[] = {
    {.why = "connections, their uses, hosts that git stored, OAuth apps, facts", .sql = R"sql(
      CREATE TABLE connections (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL UNIQUE,
        type TEXT NOT NULL,
        username TEXT, email TEXT, server_url TEXT, organization TEXT,
        sign_in TEXT NOT NULL CHECK (sign_in IN ('pat', 'github')),
        retention TEXT NOT NULL CHECK (retention IN ('keep', 'session')),
        allow_http INTEGER NOT NULL,
        token_state TEXT NOT NULL CHECK (token_state IN ('missing', 'unverified', 'valid', 'expired', 'rejected')),
        token_store TEXT NOT NULL CHECK (token_store IN ('none', 'secret-service', 'memory')),
        token_item TEXT UNIQUE,
        token_expires_at INTEGER, token_expiry_typed INTEGER NOT NULL,
        token_scopes TEXT, token_missing_scopes TEXT NOT NULL, token_excess_scopes TEXT NOT NULL,
        token_stored_at INTEGER, token_notices TEXT NOT NULL,
        account_id TEXT, account_login TEXT, account_display_name TEXT, account_email TEXT,
        hint TEXT,
        verified_at INTEGER, last_used_at INTEGER, repositories_used INTEGER NOT NULL,
        created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
        CHECK ((token_item IS NULL) = (token_store = 'none'))
      ) STRICT;
      CREATE TABLE repository_uses (
        connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
        repository TEXT NOT NULL,
        PRIMARY KEY (connection, repository)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE remembered_hosts (
        item TEXT PRIMARY KEY,
        store TEXT NOT NULL,
        protocol TEXT NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL, username TEXT NOT NULL, authtype TEXT NOT NULL
      ) STRICT;
      CREATE TABLE oauth_apps (
        provider TEXT PRIMARY KEY,
        client_id TEXT NOT NULL,
        store TEXT NOT NULL,
        item TEXT
      ) STRICT;
      CREATE TABLE facts (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT;
    )sql"},
    {.why = "signing in is not GitHub's alone; OAuth apps are per server", .sql = R"sql(
      -- SQLite cannot change a CHECK, so the table is made again. Its dependant goes first and comes back last:
      -- dropping a table deletes its rows, and that would cascade.
      CREATE TABLE uses_kept AS SELECT connection, repository FROM repository_uses;
      DROP TABLE repository_uses;
      ALTER TABLE connections RENAME TO connections_1;
      CREATE TABLE connections (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL UNIQUE,
        type TEXT NOT NULL,
        username TEXT, email TEXT, server_url TEXT, organization TEXT,
        sign_in TEXT NOT NULL CHECK (sign_in IN ('pat', 'oauth')),
        retention TEXT NOT NULL CHECK (retention IN ('keep', 'session')),
        allow_http INTEGER NOT NULL,
        token_state TEXT NOT NULL CHECK (token_state IN ('missing', 'unverified', 'valid', 'expired', 'rejected')),
        token_store TEXT NOT NULL CHECK (token_store IN ('none', 'secret-service', 'memory')),
        token_item TEXT UNIQUE,
        token_expires_at INTEGER, token_expiry_typed INTEGER NOT NULL,
        token_scopes TEXT, token_missing_scopes TEXT NOT NULL, token_excess_scopes TEXT NOT NULL,
        token_stored_at INTEGER, token_notices TEXT NOT NULL,
        account_id TEXT, account_login TEXT, account_display_name TEXT, account_email TEXT,
        hint TEXT,
        verified_at INTEGER, last_used_at INTEGER, repositories_used INTEGER NOT NULL,
        created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
        CHECK ((token_item IS NULL) = (token_store = 'none'))
      ) STRICT;
      INSERT INTO connections (
        id, name, name_key, type, username, email, server_url, organization, retention, allow_http, token_state, token_store,
        token_item, token_expires_at, token_expiry_typed, token_scopes, token_missing_scopes, token_excess_scopes,
        token_stored_at, token_notices, account_id, account_login, account_display_name, account_email, hint,
        verified_at, last_used_at, repositories_used, created_at, updated_at, sign_in)
      SELECT
        id, name, name_key, type, username, email, server_url, organization, retention, allow_http, token_state, token_store,
        token_item, token_expires_at, token_expiry_typed, token_scopes, token_missing_scopes, token_excess_scopes,
        token_stored_at, token_notices, account_id, account_login, account_display_name, account_email, hint,
        verified_at, last_used_at, repositories_used, created_at, updated_at,
        CASE sign_in WHEN 'github' THEN 'oauth' ELSE sign_in END
      FROM connections_1;
      DROP TABLE connections_1;
      CREATE TABLE repository_uses (
        connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
        repository TEXT NOT NULL,
        PRIMARY KEY (connection, repository)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO repository_uses SELECT connection, repository FROM uses_kept;
      DROP TABLE uses_kept;
      ALTER TABLE oauth_apps RENAME TO oauth_apps_1;
      CREATE TABLE oauth_apps (
        type TEXT NOT NULL,
        server_url TEXT NOT NULL,  -- '' for the app of the type
        client_id TEXT NOT NULL,
        store TEXT NOT NULL,
        item TEXT,
        PRIMARY KEY (type, server_url)
      ) STRICT;
      INSERT INTO oauth_apps SELECT provider, '', client_id, store, item FROM oauth_apps_1;
      DROP TABLE oauth_apps_1;
      ALTER TABLE facts RENAME TO metadata;
      ALTER TABLE remembered_hosts RENAME TO stored_credentials;
    )sql"},
    {.why = "rules, and the identity that commits get", .sql = R"sql(
      CREATE TABLE rules (
        id TEXT PRIMARY KEY,
        connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
        url TEXT, directory TEXT,
        created_at INTEGER NOT NULL,
        CHECK (url IS NOT NULL OR directory IS NOT NULL)
      ) STRICT;
      CREATE INDEX rules_of_connection ON rules (connection);
      ALTER TABLE connections ADD COLUMN commit_name TEXT;
      ALTER TABLE connections ADD COLUMN commit_email TEXT;
    )sql"},
    {.why = "connections that ask before their token is used, and programs that need not ask again",
     .sql = R"sql(
      ALTER TABLE connections ADD COLUMN access TEXT NOT NULL DEFAULT 'allow' CHECK (access IN ('allow', 'ask'));
      CREATE TABLE access_grants (
        id TEXT PRIMARY KEY,
        connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
        executable TEXT NOT NULL, program TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (connection, executable)
      ) STRICT;
    )sql"},
    {.why = "the sweep deletes only items that this registry has dropped", .sql = R"sql(
      CREATE TABLE dropped_items (
        item TEXT PRIMARY KEY
      ) STRICT, WITHOUT ROWID;
    )sql"},
};

}  // namespace

std::span<const Migration> migrations() { return steps; }

int schema_version(const SQLite::Database& database) {
  SQLite::Statement query(database, "PRAGMA user_version");
  query.executeStep();
  return query.getColumn(0).getInt();
}

void migrate(SQLite::Database& database, std::span<const Migration> all) {
  const auto had = static_cast<std::size_t>(schema_version(database));
  if (had >= all.size()) return;
  SQLite::Transaction transaction(database);
  for (const Migration& step : all.subspan(had)) database.exec(std::string(step.sql));
  // The version is in the file's header and so in the transaction: a kill leaves the old schema with its
  // number.
  database.exec("PRAGMA user_version = " + std::to_string(all.size()));
  transaction.commit();
}

}  // namespace forgelink
