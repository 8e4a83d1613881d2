// SPDX-License-Identifier: MIT
// Wall-clock time, and a clock that tests can turn by hand.
//
// Times are whole seconds UTC, written as RFC 3339 ("2027-02-01T00:00:00Z"). Waiting is not done here but
// with Asio's timers.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace forgelink {

using Time = std::chrono::sys_seconds;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock : public Clock {
 public:
  Time now() const override;
};

std::string rfc3339(Time time);

// Takes RFC 3339 with any offset and fraction, and a bare date as its first second in UTC. Nothing for other
// text.
std::optional<Time> parse_time(std::string_view text);

}  // namespace forgelink
