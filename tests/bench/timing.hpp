// SPDX-License-Identifier: MIT
// Time and its statistics, for the programs here.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace forgelink::bench {

using Clock = std::chrono::steady_clock;

inline double microseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

// The value that this part of all does not exceed; 0.5 is the median. `values` must not be empty.
inline double quantile(std::vector<double> values, double part) {
  const auto at = static_cast<std::size_t>(part * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

}  // namespace forgelink::bench
