// SPDX-License-Identifier: MIT
// Keeps the window connected: starts the daemon where that is allowed, and connects again after it went.
//
// Main thread; the daemon is started from a worker thread, since that may take seconds. The client belongs to
// the link.
#pragma once

#include <memory>

#include "clients/gtk/daemon_client.hpp"

namespace forgelink::gtk {

class DaemonLink : public sigc::trackable {
 public:
  enum class State { connecting, ready, absent };

  DaemonLink();

  // Connects. If nobody listens, starts the daemon unless FORGELINK_NO_AUTOSTART forbids it.
  void begin();

  // The same, when the person asks for it.
  void start_daemon();
  bool may_start_daemon() const;

  State state() const { return state_; }
  // Why there is no daemon, as a sentence; empty if there is nothing to add.
  const Glib::ustring& reason() const { return reason_; }
  DaemonClient& client() { return client_; }

  sigc::signal<void()>& signal_changed() { return changed_; }

 private:
  bool connect();
  bool on_retry();
  void on_lost();
  void on_started(const std::string& why);
  void set_state(State state);
  void retry_until_there();

  // One second: in step soon after the daemon is back, and cheap, since it only runs while there is none.
  static constexpr unsigned retry_milliseconds = 1000;

  DaemonClient client_;
  State state_ = State::connecting;
  Glib::ustring reason_;
  bool starting_ = false;
  sigc::connection retry_;
  sigc::signal<void()> changed_;
  // Its weak pointers tell the worker's callback whether the link still lives.
  std::shared_ptr<DaemonLink*> self_ = std::make_shared<DaemonLink*>(this);
};

}  // namespace forgelink::gtk
