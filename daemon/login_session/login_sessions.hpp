// SPDX-License-Identifier: MIT
// The user's login sessions, as logind tells of them (org.freedesktop.login1(5)).
//
// A session counts while a person is in it: its class is one of `user`, `user-early`, `user-light`, … and it
// is not `closing`, which a session may be for as long as a process of it lives. The user's own service
// manager (class `manager` since systemd 256), greeters, lock screens and background jobs do not count.
//
// On the loop. Looks again at every signal of logind that may mean a change, and when the bus, or logind, is
// back after it was away.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "base/bus.hpp"
#include "base/retry_timer.hpp"

namespace forgelink {

// Does a session of that class and state hold a person?
bool counts_as_session(std::string_view session_class, std::string_view state);

class LoginSessions {
 public:
  // Called with the ids of the sessions that count, after every look that got an answer.
  using OnLook = std::function<void(std::set<std::string>)>;

  LoginSessions(asio::any_io_executor executor, OnLook on_look);
  ~LoginSessions();

  void start();
  void stop();

 private:
  struct Look;

  awaitable<bool> connect();
  void look();
  void ask_about(const std::string& id, const std::string& path, std::shared_ptr<Look> look);

  asio::any_io_executor executor_;
  OnLook on_look_;
  std::unique_ptr<Bus> bus_;
  RetryTimer reconnect_;
  std::shared_ptr<Look> latest_;  // an older look's answers come too late
  bool had_bus_ = false, stopped_ = false;
};

}  // namespace forgelink
