// SPDX-License-Identifier: MIT
// Calls back when a session bus may have appeared: watches for its socket with inotify(7), without polling.
// On the loop.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>

#include "base/async.hpp"

namespace forgelink {

class BusArrival {
 public:
  explicit BusArrival(const asio::any_io_executor& executor) : inotify_(executor) {}

  // Calls `then` once, when something has appeared where the bus's socket should be.
  void watch(std::function<void()> then);
  void stop();

 private:
  asio::posix::stream_descriptor inotify_;
};

}  // namespace forgelink
