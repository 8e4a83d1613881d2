// SPDX-License-Identifier: MIT
#include "storage/registry_file.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include "storage/migrations.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;

// "Frgl": tells file(1) and us whose database it is.
constexpr int application_id = 0x4672676c;

// The path of a "file:" URI (sqlite.org/uri.html): `?`, `#` and `%` would end it or be decoded.
std::string uri_path(const std::string& path) {
  std::string encoded;
  for (const char c : path) {
    if (c == '?' || c == '#' || c == '%') {
      constexpr std::string_view digits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      encoded.append(1, '%').append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    } else {
      encoded += c;
    }
  }
  return encoded;
}

// Looks without touching: no WAL, no journal, no lock file beside a database that is not for us. But what a
// writer left beside it when it was ended belongs to it (sqlite.org/wal.html 5, lockingv3.html 4), and half a
// checkpoint read without its WAL looks like damage.
SQLite::Database opened_to_look(const fs::path& file) {
  const bool has_wal = fs::exists(file.string() + "-wal"),
             has_journal = fs::exists(file.string() + "-journal");
  if (has_journal) return {file.string(), SQLite::OPEN_READWRITE};  // only a writer may roll back
  if (has_wal) return {file.string(), SQLite::OPEN_READONLY};
  return {"file:" + uri_path(file.string()) + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI};
}

void check_untouched(const fs::path& file) {
  if (!fs::exists(file) || fs::file_size(file) == 0) return;
  SQLite::Database database = opened_to_look(file);
  const int version = schema_version(database);
  const int known = static_cast<int>(migrations().size());
  if (version > known) {
    throw RegistryOpenFailed("The registry " + file.string() + " was written by a newer Forgelink (version " +
                             std::to_string(version) + " of its schema, this one knows " +
                             std::to_string(known) + "); it is left untouched.");
  }
  SQLite::Statement owner(database, "PRAGMA application_id");
  owner.executeStep();
  const int id = owner.getColumn(0).getInt();
  // Version 0 has no tables, and perhaps no mark yet: the daemon ended before its first migration.
  if (version > 0 && id != application_id)
    throw RegistryOpenFailed(file.string() + " is a database, but not Forgelink's; it is left untouched.");
}

}  // namespace

// A registry that is not understood stays as it is: whoever has a copy can put it back.
RegistryOpenFailed unreadable(const std::string& file, const std::string& why) {
  return RegistryOpenFailed("The registry " + file + " cannot be read: " + why +
                            ". It is left as it is: put a copy of it back, or move it away to start with "
                            "an empty one.");
}

fs::path made_private(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw RegistryOpenFailed("The folder of the registry, " + folder.string() +
                             ", cannot be made: " + error.message() + ".");
  if (chmod(folder.c_str(), 0700) != 0)
    throw RegistryOpenFailed("The folder of the registry, " + folder.string() + ", is not ours to protect.");
  return folder;
}

std::unique_ptr<SQLite::Database> open_registry_file(const fs::path& folder) {
  const fs::path file = folder / "connections.db";
  // SQLite makes the file, its -wal and its -shm with the permissions that the umask leaves.
  const mode_t mask = umask(0077);
  try {
    check_untouched(file);
    // Used by the loop alone.
    const int flags = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX;
    auto database = std::make_unique<SQLite::Database>(file.string(), flags, 2000);
    chmod(file.c_str(), 0600);
    database->exec("PRAGMA journal_mode = WAL");
    // With less a power cut may undo the last commit (sqlite.org/pragma.html): the row that names a token.
    database->exec("PRAGMA synchronous = FULL");
    umask(mask);
    return database;
  } catch (const SQLite::Exception& error) {
    umask(mask);
    const int code = error.getErrorCode() & 0xff;
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) throw unreadable(file.string(), error.what());
    throw RegistryOpenFailed("The registry " + file.string() + " cannot be opened: " + error.what() + ".");
  } catch (...) {
    umask(mask);
    throw;
  }
}

void mark_as_ours(SQLite::Database& database) {
  SQLite::Statement owner(database, "PRAGMA application_id");
  owner.executeStep();
  if (owner.getColumn(0).getInt() == application_id) return;
  owner.reset();
  database.exec("PRAGMA application_id = " + std::to_string(application_id));
}

}  // namespace forgelink
