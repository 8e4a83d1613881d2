// SPDX-License-Identifier: MIT
// The access log: a database file of its own beside the registry, mode 0600, so that a full or damaged log
// never stands in the way of the registry.
//
// SQLite in WAL mode with synchronous=NORMAL: entries are written in batches, and a batch that is written
// survives the process. Blocking; used by one thread at a time, which need not be the loop. The file is
// opened with the first call, so that a start does not wait for it. A file that is damaged is put aside, one
// of a newer version is not touched and the log stays off.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "storage/access_entry.hpp"

namespace forgelink {

class AccessLog {
 public:
  // `file` ":memory:" is for tests. Opens nothing yet.
  explicit AccessLog(std::filesystem::path file);
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;

  // Where a page goes on: behind the entry of that time and number.
  struct Place {
    Time at{};
    std::int64_t id = 0;
  };

  struct Query {
    std::string connection;  // its id; "" for all
    std::optional<Time> since;
    std::optional<Place> after;
    std::size_t limit = 100;
  };

  struct Page {
    std::vector<AccessEntry> entries;  // the newest first
    std::optional<Place> next;
  };

  // All or none of them. `database_failed`.
  Result<> append(const std::vector<AccessEntry>& entries);

  Result<Page> list(const Query& query);

  // Takes out what is older than `before`, at most `limit` entries at once; how many there were.
  Result<std::size_t> remove_before(Time before, std::size_t limit);

 private:
  class Impl;
  Result<Impl*> open();

  std::filesystem::path file_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace forgelink
