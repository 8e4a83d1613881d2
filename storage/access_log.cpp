// SPDX-License-Identifier: MIT
#include "storage/access_log.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <unordered_map>

#include "storage/migrations.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;

// Programs come again and again, so that an entry names one by its number.
constexpr Migration log_steps[] = {
    {.why = "entries and the programs they name", .sql = R"sql(
      CREATE TABLE programs (
        id INTEGER PRIMARY KEY,
        program TEXT NOT NULL, executable TEXT NOT NULL,
        UNIQUE (executable, program)
      ) STRICT;
      CREATE TABLE entries (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        connection TEXT NOT NULL, connection_name TEXT NOT NULL,
        action TEXT NOT NULL, outcome TEXT NOT NULL,
        program INTEGER NOT NULL REFERENCES programs (id),
        pid INTEGER NOT NULL,
        directory TEXT NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL
      ) STRICT;
      CREATE INDEX entries_by_time ON entries (at);
      CREATE INDEX entries_by_connection ON entries (connection, at);
    )sql"},
};

Error log_failed(const SQLite::Exception& error) {
  std::string why = error.what();
  if ((error.getErrorCode() & 0xff) == SQLITE_FULL) why = "the disk is full";
  return {.code = Errc::database_failed, .message = "The access log cannot be used: " + why + "."};
}

bool is_damaged(const SQLite::Exception& error) {
  const int code = error.getErrorCode() & 0xff;
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

void put_aside(const fs::path& file) {
  std::error_code ignored;
  fs::path aside = file;
  aside += ".damaged";
  fs::rename(file, aside, ignored);
  // They belong to the damaged file; SQLite would replay them into the new one (sqlite.org/howtocorrupt.html
  // 1.4).
  for (const char* more : {"-wal", "-shm"}) {
    fs::path part = file;
    part += more;
    fs::remove(part, ignored);
  }
  spdlog::warn("the access log was damaged; it is kept as {} and begun anew", aside.string());
}

}  // namespace

class AccessLog::Impl {
 public:
  explicit Impl(const fs::path& file)
      : database(prepared(file), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 2000) {
    database.exec("PRAGMA journal_mode = WAL");
    // With a WAL a power cut may cost the last entries, and never the file (sqlite.org/pragma.html).
    database.exec("PRAGMA synchronous = NORMAL");
    // A burst leaves no long -wal file behind.
    database.exec("PRAGMA journal_size_limit = 4194304");
    // Not a code of is_damaged(): a newer file is not put aside.
    if (schema_version(database) > static_cast<int>(std::size(log_steps)))
      throw SQLite::Exception("it was written by a newer Forgelink and is not changed", SQLITE_CANTOPEN);
    migrate(database, log_steps);
    insert.emplace(database,
                   "INSERT INTO entries (at, connection, connection_name, action, outcome, program, pid, "
                   "directory, host, path) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  }

  void append(const AccessEntry& entry) {
    static const Caller nobody;
    const Caller& caller = entry.caller ? *entry.caller : nobody;
    SQLite::Statement& row = *insert;
    row.reset();
    row.bind(1, static_cast<std::int64_t>(entry.at.time_since_epoch().count()));
    row.bind(2, entry.connection);
    row.bind(3, entry.connection_name);
    row.bind(4, std::string(name_of(entry.action)));
    row.bind(5, std::string(name_of(entry.outcome)));
    row.bind(6, program(caller));
    row.bind(7, static_cast<std::int64_t>(caller.pid));
    row.bind(8, entry.directory.empty() ? caller.directory : entry.directory);
    row.bind(9, entry.host);
    row.bind(10, entry.path);
    row.exec();
  }

  std::int64_t program(const Caller& caller) {
    const std::string key = caller.executable + '\n' + caller.program;
    if (const auto found = programs.find(key); found != programs.end()) return found->second;
    // DO UPDATE, since DO NOTHING returns no row for a program that is known already.
    SQLite::Statement add(database,
                          "INSERT INTO programs (program, executable) VALUES (?, ?) ON CONFLICT DO UPDATE "
                          "SET program = excluded.program RETURNING id");
    add.bind(1, caller.program);
    add.bind(2, caller.executable);
    add.executeStep();
    const std::int64_t id = add.getColumn(0).getInt64();
    // Only a cache: a build that runs thousands of programs must not make it grow.
    if (programs.size() > 1000) programs.clear();
    programs.emplace(key, id);
    return id;
  }

  // SQLite would make it with the permissions of the umask, and its -wal and -shm with those of the file.
  static std::string prepared(const fs::path& file) {
    if (file == ":memory:") return file.string();
    const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (made >= 0) {
      fchmod(made, 0600);
      close(made);
    }
    return file.string();
  }

  SQLite::Database database;
  std::optional<SQLite::Statement> insert;
  std::unordered_map<std::string, std::int64_t> programs;
};

AccessLog::AccessLog(fs::path file) : file_(std::move(file)) {}
AccessLog::~AccessLog() = default;

Result<AccessLog::Impl*> AccessLog::open() {
  if (impl_) return impl_.get();
  for (const bool again : {false, true}) {
    try {
      impl_ = std::make_unique<Impl>(file_);
      return impl_.get();
    } catch (const SQLite::Exception& error) {
      if (again || !is_damaged(error)) return log_failed(error);
      put_aside(file_);
    }
  }
  return impl_.get();
}

Result<> AccessLog::append(const std::vector<AccessEntry>& entries) {
  Result<Impl*> log = open();
  if (!log) return log.error();
  try {
    SQLite::Transaction transaction((*log)->database);
    for (const AccessEntry& entry : entries) (*log)->append(entry);
    transaction.commit();
    return {};
  } catch (const SQLite::Exception& error) {
    // A number that was rolled back is nobody's; a damaged file is looked at again when it is opened anew.
    (*log)->programs.clear();
    if (is_damaged(error)) impl_.reset();
    return log_failed(error);
  }
}

Result<AccessLog::Page> AccessLog::list(const Query& query) {
  Result<Impl*> log = open();
  if (!log) return log.error();
  try {
    // The order is that of the index of times, with the number of the row behind it. CROSS JOIN keeps
    // `entries` the outer loop (sqlite.org/optoverview.html), so the index gives the order and nothing is
    // sorted.
    std::string sql =
        "SELECT entries.id, at, connection, connection_name, action, outcome, programs.program, executable, "
        "pid, directory, host, path FROM entries CROSS JOIN programs ON programs.id = entries.program WHERE "
        "true";
    if (!query.connection.empty()) sql += " AND connection = :connection";
    if (query.since) sql += " AND at >= :since";
    if (query.after) sql += " AND (at, entries.id) < (:at, :id)";
    sql += " ORDER BY at DESC, entries.id DESC LIMIT :limit";
    SQLite::Statement rows((*log)->database, sql);
    if (!query.connection.empty()) rows.bind(":connection", query.connection);
    const auto seconds = [](Time time) { return static_cast<std::int64_t>(time.time_since_epoch().count()); };
    if (query.since) rows.bind(":since", seconds(*query.since));
    if (query.after) {
      rows.bind(":at", seconds(query.after->at));
      rows.bind(":id", query.after->id);
    }
    // One more than asked tells whether there is a next page.
    rows.bind(":limit", static_cast<std::int64_t>(query.limit + 1));
    Page page;
    Place last;
    while (rows.executeStep()) {
      if (page.entries.size() == query.limit) {
        page.next = last;
        break;
      }
      const auto text = [&](int column) { return rows.getColumn(column).getString(); };
      last = {.at = Time(std::chrono::seconds(rows.getColumn(1).getInt64())),
              .id = rows.getColumn(0).getInt64()};
      Caller caller{
          .pid = static_cast<pid_t>(rows.getColumn(8).getInt64()), .program = text(6), .executable = text(7)};
      page.entries.push_back({.at = last.at,
                              .connection = text(2),
                              .connection_name = text(3),
                              .action = access_action_of(text(4)).value_or(AccessAction::git),
                              .caller = std::make_shared<const Caller>(std::move(caller)),
                              .directory = text(9),
                              .host = text(10),
                              .path = text(11),
                              .outcome = access_outcome_of(text(5)).value_or(AccessOutcome::given)});
    }
    return page;
  } catch (const SQLite::Exception& error) {
    return log_failed(error);
  }
}

Result<std::size_t> AccessLog::remove_before(Time before, std::size_t limit) {
  Result<Impl*> log = open();
  if (!log) return log.error();
  try {
    // DELETE itself takes a LIMIT only in some builds of SQLite (sqlite.org/lang_delete.html).
    SQLite::Statement remove((*log)->database,
                             "DELETE FROM entries WHERE id IN (SELECT id FROM entries WHERE at < ? ORDER BY "
                             "at LIMIT ?)");
    remove.bind(1, static_cast<std::int64_t>(before.time_since_epoch().count()));
    remove.bind(2, static_cast<std::int64_t>(limit));
    return static_cast<std::size_t>(remove.exec());
  } catch (const SQLite::Exception& error) {
    return log_failed(error);
  }
}

}  // namespace forgelink
