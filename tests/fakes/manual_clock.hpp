// SPDX-License-Identifier: MIT
// A clock that stands still until a test turns it.
#pragma once

#include "base/clock.hpp"

namespace forgelink {

class ManualClock : public Clock {
 public:
  explicit ManualClock(std::string_view start = "2026-11-24T12:00:00Z") : now_(*parse_time(start)) {}
  Time now() const override { return now_; }
  void advance(std::chrono::seconds by) { now_ += by; }

 private:
  Time now_;
};

}  // namespace forgelink
