// SPDX-License-Identifier: MIT
// Tells the person on the desktop what needs them, through org.freedesktop.Notifications (Desktop
// Notifications Specification 1.2). One notice for one event; silent where nobody shows notices. On the loop.
#pragma once

#include "base/bus.hpp"
#include "daemon/events/events.hpp"
#include "daemon/settings/settings.hpp"

namespace forgelink {

struct DesktopNotice {
  std::string title, text;
  bool urgent = false;
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
  void show(const DesktopNotice& notice);

  asio::any_io_executor executor_;
  const Settings& settings_;
  std::unique_ptr<Bus> bus_;  // opened with the first notice
};

}  // namespace forgelink
