// SPDX-License-Identifier: MIT
// D-Bus on the event loop, by sd-bus (libsystemd): signals and calls without polling or threads.
//
// On the loop only. When the bus goes away `on_lost` is called once and the object is of no further use.
// Addresses as sd-bus finds them: $DBUS_SESSION_BUS_ADDRESS or $XDG_RUNTIME_DIR/bus, $DBUS_SYSTEM_BUS_ADDRESS
// or the system's.
#pragma once

#include <systemd/sd-bus.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "base/async.hpp"

namespace forgelink {

class Bus {
 public:
  enum class Which { session, system };

  // nullptr if there is no such bus, or it cannot be reached.
  static std::unique_ptr<Bus> open(const asio::any_io_executor& executor, Which which);
  ~Bus();
  Bus(const Bus&) = delete;

  using OnMessage = std::function<void(sd_bus_message*)>;

  // Calls `then` for each signal that fits the rule (D-Bus Specification, "Match Rules").
  void match(const std::string& rule, OnMessage then);

  // Sends a method call made with sd_bus_message_new_method_call on `handle()`; takes it over. `then` gets
  // the reply, or the error, or nullptr if the call could not be sent; it is not called if the bus goes away
  // first.
  void call(sd_bus_message* message, OnMessage then, Milliseconds limit = std::chrono::seconds(5));

  sd_bus* handle() const { return bus_; }

  std::function<void()> on_lost;

 private:
  struct Slot;

  Bus(const asio::any_io_executor& executor, sd_bus* bus);
  void pump();
  void arm();
  void lose();

  sd_bus* bus_;
  asio::posix::stream_descriptor descriptor_;
  asio::steady_timer timer_;
  bool waiting_to_read_ = false, waiting_to_write_ = false, lost_ = false;
  std::list<std::unique_ptr<Slot>> slots_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace forgelink
