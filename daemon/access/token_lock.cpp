// SPDX-License-Identifier: MIT
#include "daemon/access/token_lock.hpp"

#include <spdlog/spdlog.h>

namespace forgelink {
namespace {

constexpr std::string_view key_of_lock = "locked";

}  // namespace

void TokenLock::restore() {
  const std::string kept = registry_.metadata(key_of_lock).value_or("");
  const auto word = kept.find(' ');
  if (word == std::string::npos) return;
  const auto before = SessionStamp::parse(kept.substr(word + 1));
  if (!before || is_new_session(*before, SessionStamp::now())) return;
  by_person_ = kept.starts_with("person");
  vault_.lock();
  spdlog::info("locked, as before the restart");
}

Result<> TokenLock::remember(std::string_view what) {
  const std::string value = what.empty() ? "" : std::string(what) + " " + SessionStamp::now().text();
  Result<> written = registry_.set_metadata(key_of_lock, value);
  if (written) return {};
  Error error = written.error();
  error.message = what.empty() ? "Tokens are unlocked, but a restart of the daemon locks them again. "
                               : "Tokens are locked, but a restart of the daemon unlocks them. ";
  error.message += written.error().message;
  error.hint.clear();
  return error;
}

Result<> TokenLock::lock(By by) {
  const bool was_locked = locked();
  if (was_locked && (by_person_ || by == By::screen)) return {};
  by_person_ = by == By::person;
  // In force before it is written: a full disk must not keep tokens within reach.
  vault_.lock();
  if (!was_locked) {
    spdlog::info("locked by {}", by_person_ ? "a client" : "the screen");
    events_.publish({.kind = EventKind::daemon_locked});
  }
  return remember(by_person_ ? "person" : "screen");
}

Result<> TokenLock::unlock(By by) {
  if (!locked() || (by == By::screen && by_person_)) return {};
  vault_.unlock();
  by_person_ = false;
  spdlog::info("unlocked");
  events_.publish({.kind = EventKind::daemon_unlocked});
  return remember("");
}

}  // namespace forgelink
