// SPDX-License-Identifier: MIT
// Locks the daemon with the screen, where `[session] lock_with_screen` wants it: logind's signals `Lock` and
// `Unlock` of the user's own sessions (org.freedesktop.login1(5)).
//
// On the loop; what is given must outlive it.
#pragma once

#include <set>

#include "base/bus.hpp"
#include "daemon/access/token_lock.hpp"

namespace forgelink {

class ScreenLock {
 public:
  ScreenLock(asio::any_io_executor executor, TokenLock& lock, const Settings& settings)
      : executor_(std::move(executor)), lock_(lock), settings_(settings) {}

  // Begins or ends to listen, by the setting.
  void settings_changed();

 private:
  void listen_to(const char* member, bool locks);
  void list_own_sessions();
  void on_signal(const std::string& session, bool locks);

  asio::any_io_executor executor_;
  TokenLock& lock_;
  const Settings& settings_;
  std::unique_ptr<Bus> bus_;
  std::set<std::string> own_sessions_;  // their object paths
};

}  // namespace forgelink
