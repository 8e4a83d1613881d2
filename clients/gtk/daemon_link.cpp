// SPDX-License-Identifier: MIT
#include "clients/gtk/daemon_link.hpp"

#include <cstdlib>
#include <thread>

#include "clients/daemon_start.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

constexpr std::chrono::seconds start_limit{10};

// Runs on the main loop, from any thread.
void on_main_loop(std::function<void()> work) {
  auto* kept = new std::function<void()>(std::move(work));
  g_idle_add_full(
      G_PRIORITY_DEFAULT,
      [](gpointer data) -> gboolean {
        (*static_cast<std::function<void()>*>(data))();
        return G_SOURCE_REMOVE;
      },
      kept, [](gpointer data) { delete static_cast<std::function<void()>*>(data); });
}

}  // namespace

DaemonLink::DaemonLink() { client_.signal_lost().connect(sigc::mem_fun(*this, &DaemonLink::on_lost)); }

bool DaemonLink::may_start_daemon() const {
  const char* value = std::getenv("FORGELINK_NO_AUTOSTART");
  return value == nullptr || *value == '\0' || std::string_view(value) == "0";
}

void DaemonLink::begin() {
  if (connect()) return;
  if (may_start_daemon()) {
    start_daemon();
  } else {
    set_state(State::absent);
  }
  retry_until_there();
}

void DaemonLink::start_daemon() {
  if (starting_ || state_ == State::ready) return;
  starting_ = true;
  reason_.clear();
  set_state(State::connecting);
  // Starting may take seconds. The window can be closed meanwhile, hence the weak pointer.
  std::thread([link = std::weak_ptr(self_)] {
    std::string why;
    // The connection itself is dropped: the main loop makes its own.
    connect_or_start(start_limit, why);
    on_main_loop([link, why] {
      if (const auto alive = link.lock()) (*alive)->on_started(why);
    });
  }).detach();
}

void DaemonLink::on_started(const std::string& why) {
  starting_ = false;
  if (state_ == State::ready || connect()) return;
  reason_ = why;
  set_state(State::absent);
}

bool DaemonLink::connect() {
  if (!client_.open(ipc::socket_path())) return false;
  retry_.disconnect();
  reason_.clear();
  set_state(State::ready);
  return true;
}

void DaemonLink::retry_until_there() {
  if (retry_.connected()) return;
  retry_ = Glib::signal_timeout().connect(sigc::mem_fun(*this, &DaemonLink::on_retry), retry_milliseconds);
}

bool DaemonLink::on_retry() { return state_ != State::ready && !connect(); }

void DaemonLink::on_lost() {
  // A restart takes a moment; a socket that systemd holds starts the daemon by itself.
  set_state(State::absent);
  retry_until_there();
}

void DaemonLink::set_state(State state) {
  state_ = state;
  changed_.emit();
}

}  // namespace forgelink::gtk
