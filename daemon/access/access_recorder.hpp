// SPDX-License-Identifier: MIT
// Records each use of a connection in the access log and publishes `token.used`.
//
// Entries are collected for less than a second and written in one batch by a worker thread, so that no
// request waits for the disk and a kill loses at most the last second. While they cannot be written (a full
// disk) up to `most_waiting` are kept and retried; the oldest beyond that are dropped. A request never fails
// because of the log. On the loop.
#pragma once

#include <memory>
#include <vector>

#include "base/worker_thread.hpp"
#include "daemon/events/events.hpp"
#include "daemon/settings/settings.hpp"
#include "storage/access_log.hpp"

namespace forgelink {

// The fields of an entry as clients see them, in `token.used` and `access.list`.
boost::json::object detail_of(const AccessEntry& entry);

class AccessRecorder {
 public:
  static constexpr std::size_t most_waiting = 20'000;

  // The hub, the settings and the clock must outlive it.
  AccessRecorder(asio::any_io_executor executor, std::shared_ptr<AccessLog> log, EventHub& events,
                 const Settings& settings, const Clock& clock);

  // Cheap. `connection` may be null if it was removed meanwhile.
  void record(AccessEntry entry, const Connection* connection);

  // Writes what waits. `database_failed`; what was not written is kept.
  awaitable<Result<>> flush();

  // Flushes first. Nothing older than `[access] log` is ever given.
  awaitable<Result<AccessLog::Page>> list(AccessLog::Query query);

  std::size_t waiting() const { return waiting_.size(); }

 private:
  void write_soon(Milliseconds after);
  awaitable<> write();
  awaitable<> remove_old();
  Time oldest() const { return clock_.now() - settings_.access_log; }

  asio::any_io_executor executor_;
  std::shared_ptr<AccessLog> log_;
  EventHub& events_;
  const Settings& settings_;
  const Clock& clock_;
  std::vector<AccessEntry> waiting_;
  asio::steady_timer timer_;
  bool timer_runs_ = false, failing_ = false;
  Time aged_at_{};
  WorkerThread worker_;
};

}  // namespace forgelink
