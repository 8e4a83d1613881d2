// SPDX-License-Identifier: MIT
// Shows desktop notifications for events that need the user, through org.freedesktop.Notifications (Desktop
// Notifications Specification 1.2). One notice for one event; silent where nobody shows notices. On the loop.
//
// A notice about a connection has the action `default`, a click on it: the window (org.forgelink.Forgelink)
// is asked over D-Bus to open the connection, and the bus starts it if need be. One about a token's end has a
// button beside: `renew`, or `page`, which opens the page where a token is made.
#pragma once

#include <functional>
#include <map>

#include "base/bus.hpp"
#include "daemon/events/events.hpp"
#include "daemon/settings/settings.hpp"

namespace forgelink {

struct DesktopNotice {
  std::string title, text;
  bool urgent = false;
  std::string connection = {};  // id of the connection that a click opens; empty if there is none
  bool can_renew = false;       // its token, by a button
  std::string page = {};        // where a button leads; empty for none
};

// What an event says to a person; nothing for what needs no notice.
std::optional<DesktopNotice> notice_of(const Event& event);

class Notifications {
 public:
  Notifications(asio::any_io_executor executor, const Settings& settings)
      : executor_(std::move(executor)), settings_(settings) {}

  void on_event(const Event& event);
  void show(const DesktopNotice& notice);
  // The button `renew` was pressed, of the connection with that id.
  std::function<void(std::string)> on_renew;
  void stop() { bus_.reset(); }

 private:
  bool open_bus();
  void append_actions(sd_bus_message* call, const DesktopNotice& notice);
  void on_action(sd_bus_message* signal);
  void on_closed(sd_bus_message* signal);
  void open_window(const std::string& connection);
  void open_page(const std::string& url, const std::string& connection);

  struct Shown {
    std::string connection, page;
  };

  // A server that never tells of a closed notice must not make this grow.
  static constexpr std::size_t most_shown = 100;

  asio::any_io_executor executor_;
  const Settings& settings_;
  std::unique_ptr<Bus> bus_;              // opened with the first notice
  std::map<std::uint32_t, Shown> shown_;  // the notices that can still be clicked
};

}  // namespace forgelink
