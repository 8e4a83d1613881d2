// SPDX-License-Identifier: MIT
#include "daemon/access/access_recorder.hpp"

#include <spdlog/spdlog.h>

namespace forgelink {
namespace {

constexpr Milliseconds written_after{700}, tried_again_after{10'000};
constexpr Milliseconds patience_of_log{10'000};
constexpr std::chrono::hours aged_every{1};
constexpr std::size_t aged_at_once = 20'000;

boost::json::value text_or_null(const std::string& text) {
  return text.empty() ? boost::json::value() : boost::json::value(text);
}

}  // namespace

boost::json::object detail_of(const AccessEntry& entry) {
  static const Caller nobody;
  const Caller& caller = entry.caller ? *entry.caller : nobody;
  return {{"at", rfc3339(entry.at)},
          {"connection", entry.connection},
          {"connection_name", entry.connection_name},
          {"action", name_of(entry.action)},
          {"program", text_or_null(caller.program)},
          {"executable", text_or_null(caller.executable)},
          {"pid", caller.pid},
          {"directory", text_or_null(entry.directory.empty() ? caller.directory : entry.directory)},
          {"host", text_or_null(entry.host)},
          {"path", text_or_null(entry.path)},
          {"outcome", name_of(entry.outcome)}};
}

AccessRecorder::AccessRecorder(asio::any_io_executor executor, std::shared_ptr<AccessLog> log,
                               EventHub& events, const Settings& settings, const Clock& clock)
    : executor_(std::move(executor)),
      log_(std::move(log)),
      events_(events),
      settings_(settings),
      clock_(clock),
      timer_(executor_) {}

void AccessRecorder::record(AccessEntry entry, const Connection* connection) {
  entry.at = clock_.now();
  if (events_.is_heard(EventKind::token_used))
    events_.publish({.kind = EventKind::token_used, .connection = connection, .detail = detail_of(entry)});
  if (settings_.access_log.count() == 0) return;
  if (waiting_.size() >= most_waiting) {
    // Half of them, so that a flood does not move the whole list for each entry.
    waiting_.erase(waiting_.begin(), waiting_.begin() + most_waiting / 2);
    spdlog::warn("entries of the access log were lost: it cannot be written fast enough");
  }
  waiting_.push_back(std::move(entry));
  write_soon(failing_ ? tried_again_after : written_after);
}

void AccessRecorder::write_soon(Milliseconds after) {
  if (std::exchange(timer_runs_, true)) return;
  timer_.expires_after(after);
  timer_.async_wait([this](const boost::system::error_code& stopped) {
    timer_runs_ = false;
    if (!stopped) spawn(executor_, write());
  });
}

awaitable<> AccessRecorder::write() {
  Result<> written = co_await flush();
  if (!written && !waiting_.empty()) write_soon(tried_again_after);
  if (written) co_await remove_old();
}

awaitable<Result<>> AccessRecorder::flush() {
  if (waiting_.empty()) co_return Result<>();
  const auto batch = std::make_shared<std::vector<AccessEntry>>(std::exchange(waiting_, {}));
  auto work = [log = log_, batch](std::stop_token) { return log->append(*batch); };
  std::optional<Result<>> done = co_await worker_.run(std::move(work), patience_of_log);
  // One that takes too long may still be written, so it is not tried a second time.
  if (!done)
    co_return Error{.code = Errc::database_failed, .message = "The access log takes too long to write."};
  if (*done) {
    failing_ = false;
    co_return Result<>();
  }
  if (!std::exchange(failing_, true)) spdlog::warn("{}", done->error().message);
  // Before those that came meanwhile, so that entries stay in the order of time.
  waiting_.insert(waiting_.begin(), std::make_move_iterator(batch->begin()),
                  std::make_move_iterator(batch->end()));
  if (waiting_.size() > most_waiting)
    waiting_.erase(waiting_.begin(), waiting_.end() - static_cast<std::ptrdiff_t>(most_waiting));
  co_return done->error();
}

awaitable<> AccessRecorder::remove_old() {
  if (settings_.access_log.count() == 0 || clock_.now() - aged_at_ < aged_every) co_return;
  auto work = [log = log_, before = oldest()](std::stop_token) {
    return log->remove_before(before, aged_at_once);
  };
  std::optional<Result<std::size_t>> removed = co_await worker_.run(std::move(work), patience_of_log);
  // Where there is more it goes with the next batch.
  if (removed && *removed && **removed < aged_at_once) aged_at_ = clock_.now();
}

awaitable<Result<AccessLog::Page>> AccessRecorder::list(AccessLog::Query query) {
  if (settings_.access_log.count() == 0) co_return AccessLog::Page();
  Result<> written = co_await flush();
  if (!written && !waiting_.empty()) write_soon(tried_again_after);
  query.since = std::max(query.since.value_or(oldest()), oldest());
  auto work = [log = log_, query = std::move(query)](std::stop_token) { return log->list(query); };
  std::optional<Result<AccessLog::Page>> page = co_await worker_.run(std::move(work), patience_of_log);
  if (!page)
    co_return Error{.code = Errc::database_failed, .message = "The access log takes too long to read."};
  co_return std::move(*page);
}

}  // namespace forgelink
