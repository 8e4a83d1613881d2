// SPDX-License-Identifier: MIT
// Shows desktop notifications for events that need the user, through org.freedesktop.Notifications (Desktop
// Notifications Specification 1.2). One notice for one event; silent where nobody shows notices. On the loop.
//
// A notice about a connection has the action `default`, a click on it: the window (org.forgelink.Forgelink)
// is asked over D-Bus to open the connection, and the bus starts it if need be.
#pragma once

#include <map>

#include "base/bus.hpp"
#include "daemon/events/events.hpp"
#include "daemon/settings/settings.hpp"

namespace forgelink {

struct DesktopNotice {
  std::string title, text;
  bool urgent = false;
  std::string connection = {};  // id of the connection that a click opens; empty if there is none
};

// What an event says to a person; nothing for what needs no notice.
std::optional<DesktopNotice> notice_of(const Event& event);

class Notifications {
 public:
  Notifications(asio::any_io_executor executor, const Settings& settings)
      : executor_(std::move(executor)), settings_(settings) {}

  void on_event(const Event& event);
  void stop() { bus_.reset(); }

 private:
  bool open_bus();
  void show(const DesktopNotice& notice);
  void on_action(sd_bus_message* signal);
  void on_closed(sd_bus_message* signal);
  void open_window(const std::string& connection);

  // A server that never tells of a closed notice must not make this grow.
  static constexpr std::size_t most_shown = 100;

  asio::any_io_executor executor_;
  const Settings& settings_;
  std::unique_ptr<Bus> bus_;                    // opened with the first notice
  std::map<std::uint32_t, std::string> shown_;  // the connections of notices that can still be clicked
};

}  // namespace forgelink
