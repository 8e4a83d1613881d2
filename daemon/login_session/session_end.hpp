// SPDX-License-Identifier: MIT
// Notices that the login session has ended, and takes the session's tokens away.
//
// logind tells on the system bus (the user's last session or the user removed); the stamp of the last start
// tells whether a session ended without a word; `forgelink-session.service` calls token.purge by itself. On
// the loop.
#pragma once

#include <functional>
#include <set>

#include "base/bus.hpp"
#include "daemon/tokens/tokens.hpp"

namespace forgelink {

class SessionEnd {
 public:
  SessionEnd(asio::any_io_executor executor, Registry& registry, Tokens& tokens)
      : executor_(std::move(executor)), registry_(registry), tokens_(tokens) {}

  // Purges if the last start was in another session; then remembers this one.
  awaitable<> check_stamp();

  // Listens to logind, where there is one.
  void watch_logind();
  void stop() { bus_.reset(); }

  // Called when a session has ended, for what else ends with it.
  std::function<void()> on_end;

 private:
  void list_own_sessions();
  void on_session_removed(const std::string& id);
  awaitable<> purge(std::string why);

  asio::any_io_executor executor_;
  Registry& registry_;
  Tokens& tokens_;
  std::unique_ptr<Bus> bus_;
  std::set<std::string> own_sessions_;
};

}  // namespace forgelink
