// SPDX-License-Identifier: MIT
#include "base/bus.hpp"

#include <poll.h>

namespace forgelink {

// A callback of ours that libsystemd knows by its address.
struct Bus::Slot {
  Bus* bus;
  OnMessage then;
  bool once;
  sd_bus_slot* slot = nullptr;

  ~Slot() { sd_bus_slot_unref(slot); }

  static int arrived(sd_bus_message* message, void* data, sd_bus_error*) {
    Slot* self = static_cast<Slot*>(data);
    const OnMessage then = self->then;  // `self` may go inside
    if (self->once) self->bus->slots_.remove_if([self](const auto& one) { return one.get() == self; });
    then(message);
    return 0;
  }
};

std::unique_ptr<Bus> Bus::open(const asio::any_io_executor& executor, Which which) {
  sd_bus* bus = nullptr;
  const int failed = which == Which::session ? sd_bus_open_user(&bus) : sd_bus_open_system(&bus);
  if (failed < 0) return nullptr;
  return std::unique_ptr<Bus>(new Bus(executor, bus));
}

Bus::Bus(const asio::any_io_executor& executor, sd_bus* bus)
    : bus_(bus), descriptor_(executor, sd_bus_get_fd(bus)), timer_(executor) {
  // The first turn authenticates and sends Hello; opening alone sends nothing.
  asio::post(executor, [this, alive = std::weak_ptr(alive_)] {
    if (alive.lock()) pump();
  });
}

Bus::~Bus() {
  alive_.reset();
  descriptor_.release();  // libsystemd closes it
  // A slot refers to the bus, so slots go first.
  slots_.clear();
  sd_bus_close_unref(bus_);
}

void Bus::match(const std::string& rule, OnMessage then) {
  auto& slot =
      slots_.emplace_back(std::make_unique<Slot>(Slot{.bus = this, .then = std::move(then), .once = false}));
  sd_bus_add_match_async(bus_, &slot->slot, rule.c_str(), &Slot::arrived, nullptr, slot.get());
  arm();
}

void Bus::call(sd_bus_message* message, OnMessage then, Milliseconds limit) {
  auto& slot =
      slots_.emplace_back(std::make_unique<Slot>(Slot{.bus = this, .then = std::move(then), .once = true}));
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(limit).count();
  const int sent = sd_bus_call_async(bus_, &slot->slot, message, &Slot::arrived, slot.get(),
                                     static_cast<std::uint64_t>(microseconds));
  sd_bus_message_unref(message);
  if (sent < 0) {
    OnMessage unsent = std::move(slot->then);
    slots_.pop_back();
    // Posted, so that the callback never runs inside call().
    asio::post(descriptor_.get_executor(), [then = std::move(unsent), alive = std::weak_ptr(alive_)] {
      if (alive.lock()) then(nullptr);
    });
  }
  arm();
}

void Bus::pump() {
  const std::weak_ptr alive = alive_;
  int more = 0;
  while ((more = sd_bus_process(bus_, nullptr)) > 0) {
    // A callback may have destroyed this bus.
    if (alive.expired()) return;
  }
  if (alive.expired()) return;
  if (more < 0) return lose();
  arm();
}

void Bus::arm() {
  if (lost_) return;
  // What libsystemd waits for changes with each call and each message. A wait that is under way is kept:
  // cancelling and starting it again would cost two system calls per message.
  const int events = sd_bus_get_events(bus_);
  if (events < 0) return lose();
  const auto again = [this, alive = std::weak_ptr(alive_)](bool& waiting) {
    return [this, alive, &waiting](const boost::system::error_code& stopped) {
      if (!alive.lock()) return;
      waiting = false;
      if (!stopped) pump();
    };
  };
  if ((events & POLLIN) != 0 && !std::exchange(waiting_to_read_, true)) {
    descriptor_.async_wait(asio::posix::descriptor_base::wait_read, again(waiting_to_read_));
  }
  if ((events & POLLOUT) != 0 && !std::exchange(waiting_to_write_, true)) {
    descriptor_.async_wait(asio::posix::descriptor_base::wait_write, again(waiting_to_write_));
  }
  std::uint64_t due = 0;
  timer_.cancel();
  if (sd_bus_get_timeout(bus_, &due) < 0 || due == UINT64_MAX) return;
  // Microseconds of CLOCK_MONOTONIC, which is what steady_clock counts.
  timer_.expires_at(std::chrono::steady_clock::time_point(std::chrono::microseconds(due)));
  timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& stopped) {
    if (!stopped && alive.lock()) pump();
  });
}

void Bus::lose() {
  if (std::exchange(lost_, true)) return;
  timer_.cancel();
  descriptor_.cancel();
  // Posted: `on_lost` may destroy this bus, and pump() is still running in it.
  if (on_lost)
    asio::post(descriptor_.get_executor(), [then = on_lost, alive = std::weak_ptr(alive_)] {
      if (alive.lock()) then();
    });
}

}  // namespace forgelink
