// SPDX-License-Identifier: MIT
// The migrations of the registry's schema: one step per version, in order, never changed once released.
//
// To change the schema: append a step that turns the last version into the new one, and a test that starts
// from the old one. `PRAGMA user_version` says how many steps a database has had; all missing ones run in one
// transaction.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <span>
#include <string_view>

namespace forgelink {

struct Migration {
  std::string_view why;
  std::string_view sql;
};

std::span<const Migration> migrations();

// Throws SQLite::Exception; the database is then as it was.
void migrate(SQLite::Database& database, std::span<const Migration> steps);

int schema_version(const SQLite::Database& database);

}  // namespace forgelink
