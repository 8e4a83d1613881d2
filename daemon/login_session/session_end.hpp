// SPDX-License-Identifier: MIT
// Detects the end of the login session and purges the session's tokens.
//
// logind tells on the system bus; the stamp of the last start, and the ids of the sessions that were seen
// last, tell whether a session ended without a word, or while the daemon or the bus was away;
// `forgelink-session.service` calls token.purge by itself. On the loop.
#pragma once

#include <functional>
#include <set>

#include "daemon/login_session/login_sessions.hpp"
#include "daemon/login_session/session_stamp.hpp"
#include "daemon/tokens/tokens.hpp"

namespace forgelink {

class SessionEnd {
 public:
  SessionEnd(asio::any_io_executor executor, Registry& registry, Tokens& tokens);

  // Purges if the last start was in another session; then remembers this one.
  awaitable<> check_stamp(SessionStamp now = SessionStamp::now());

  // Listens to logind, where there is one.
  void watch_logind() { sessions_.start(); }
  void stop() { sessions_.stop(); }

  // These sessions of the user's are there now. Purges if none of those seen before is among them.
  void on_sessions(std::set<std::string> now);

  // Called when a session has ended, for what else ends with it.
  std::function<void()> on_end;

 private:
  void remember(std::string_view key, std::string_view value);
  awaitable<> purge(std::string why);

  asio::any_io_executor executor_;
  Registry& registry_;
  Tokens& tokens_;
  LoginSessions sessions_;
};

}  // namespace forgelink
