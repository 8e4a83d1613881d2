// SPDX-License-Identifier: MIT
// logind on a private bus (org.freedesktop.login1(5)): the sessions that a test wants there to be, and the
// signals it wants sent. On the loop.
#pragma once

#include <string>
#include <vector>

#include "base/bus.hpp"

namespace forgelink {

class FakeLogind {
 public:
  struct Session {
    std::string id;
    std::uint32_t user = 0;
    std::string session_class = "user", state = "active";

    std::string path() const { return "/org/freedesktop/login1/session/_" + id; }
  };

  // REQUIRES: a bus.
  explicit FakeLogind(const asio::any_io_executor& executor) : bus_(Bus::open(executor, Bus::Which::system)) {
    sd_bus_add_fallback(bus_->handle(), nullptr, "/org/freedesktop/login1", &FakeLogind::answer, this);
    sd_bus_request_name(bus_->handle(), "org.freedesktop.login1", 0);
  }

  // Of the manager, as SessionNew.
  void tell(const char* member, const Session& session) {
    sd_bus_emit_signal(bus_->handle(), "/org/freedesktop/login1", "org.freedesktop.login1.Manager", member,
                       "so", session.id.c_str(), session.path().c_str());
    sd_bus_flush(bus_->handle());
  }
  // Of a session, as Lock.
  void tell_session(const char* member, const Session& session) {
    sd_bus_emit_signal(bus_->handle(), session.path().c_str(), "org.freedesktop.login1.Session", member, "");
    sd_bus_flush(bus_->handle());
  }

  std::vector<Session> sessions;
  int listed = 0;  // how often the list was asked for

 private:
  static int answer(sd_bus_message* message, void* data, sd_bus_error*) {
    FakeLogind* self = static_cast<FakeLogind*>(data);
    if (sd_bus_message_is_method_call(message, "org.freedesktop.login1.Manager", "ListSessions") > 0)
      return self->list(message);
    if (sd_bus_message_is_method_call(message, "org.freedesktop.DBus.Properties", "GetAll") > 0)
      return self->describe(message);
    return 0;
  }

  int list(sd_bus_message* question) {
    ++listed;
    sd_bus_message* reply = nullptr;
    sd_bus_message_new_method_return(question, &reply);
    sd_bus_message_open_container(reply, 'a', "(susso)");
    for (const Session& one : sessions)
      sd_bus_message_append(reply, "(susso)", one.id.c_str(), one.user, "name", "seat0", one.path().c_str());
    sd_bus_message_close_container(reply);
    sd_bus_send(nullptr, reply, nullptr);
    sd_bus_message_unref(reply);
    return 1;
  }

  int describe(sd_bus_message* question) {
    for (const Session& one : sessions) {
      if (one.path() != sd_bus_message_get_path(question)) continue;
      return sd_bus_reply_method_return(question, "a{sv}", 3, "Class", "s", one.session_class.c_str(),
                                        "State", "s", one.state.c_str(), "Leader", "u", 1u);
    }
    return sd_bus_reply_method_errorf(question, SD_BUS_ERROR_UNKNOWN_OBJECT, "There is no such session.");
  }

  std::unique_ptr<Bus> bus_;
};

}  // namespace forgelink
