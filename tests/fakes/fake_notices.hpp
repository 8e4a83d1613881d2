// SPDX-License-Identifier: MIT
// A desktop on a private bus: it shows notices (Desktop Notifications Specification 1.2), its person presses
// the buttons that a test wants pressed, and it has Forgelink's window. On the loop.
#pragma once

#include <string>
#include <vector>

#include "base/bus.hpp"

namespace forgelink {

class FakeNotices {
 public:
  struct Notice {
    std::uint32_t id = 0;
    std::string title, body;
    std::vector<std::string> actions;
  };

  // REQUIRES: a bus.
  explicit FakeNotices(const asio::any_io_executor& executor)
      : bus_(Bus::open(executor, Bus::Which::session)) {
    sd_bus_add_object(bus_->handle(), nullptr, path, &FakeNotices::answer, this);
    sd_bus_add_object(bus_->handle(), nullptr, "/org/forgelink/Forgelink", &FakeNotices::open, this);
    sd_bus_request_name(bus_->handle(), name, 0);
    sd_bus_request_name(bus_->handle(), "org.forgelink.Forgelink", 0);
  }

  void press(std::uint32_t notice, const char* action) {
    sd_bus_emit_signal(bus_->handle(), path, name, "ActionInvoked", "us", notice, action);
    sd_bus_flush(bus_->handle());
  }

  std::vector<Notice> shown;
  std::vector<std::uint32_t> closed;
  std::vector<std::string> opened;  // what the window was asked to open

 private:
  static constexpr const char* name = "org.freedesktop.Notifications";
  static constexpr const char* path = "/org/freedesktop/Notifications";

  static int answer(sd_bus_message* message, void* data, sd_bus_error*) {
    FakeNotices* self = static_cast<FakeNotices*>(data);
    if (sd_bus_message_is_method_call(message, name, "Notify") > 0) return self->show(message);
    if (sd_bus_message_is_method_call(message, name, "CloseNotification") > 0) {
      std::uint32_t id = 0;
      sd_bus_message_read(message, "u", &id);
      self->closed.push_back(id);
      return sd_bus_reply_method_return(message, "");
    }
    return 0;
  }

  int show(sd_bus_message* message) {
    const char *program = nullptr, *icon = nullptr, *title = nullptr, *body = nullptr, *action = nullptr;
    std::uint32_t replaces = 0;
    sd_bus_message_read(message, "susss", &program, &replaces, &icon, &title, &body);
    Notice notice{.id = static_cast<std::uint32_t>(shown.size() + 1), .title = title, .body = body};
    sd_bus_message_enter_container(message, 'a', "s");
    while (sd_bus_message_read(message, "s", &action) > 0) notice.actions.emplace_back(action);
    const std::uint32_t id = notice.id;
    shown.push_back(std::move(notice));
    return sd_bus_reply_method_return(message, "u", id);
  }

  static int open(sd_bus_message* message, void* data, sd_bus_error*) {
    if (sd_bus_message_is_method_call(message, "org.freedesktop.Application", "ActivateAction") <= 0)
      return 0;
    const char *action = nullptr, *connection = nullptr;
    sd_bus_message_read(message, "s", &action);
    sd_bus_message_enter_container(message, 'a', "v");
    sd_bus_message_read(message, "v", "s", &connection);
    static_cast<FakeNotices*>(data)->opened.push_back(std::string(action) + " " + connection);
    return sd_bus_reply_method_return(message, "");
  }

  std::unique_ptr<Bus> bus_;
};

}  // namespace forgelink
