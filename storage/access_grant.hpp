// SPDX-License-Identifier: MIT
// A program that may use a connection without being asked about again: what the registry keeps of it.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace forgelink {

struct AccessGrant {
  std::string id;
  ConnectionId connection;
  std::string executable, program;
  Time created_at{};
};

}  // namespace forgelink
