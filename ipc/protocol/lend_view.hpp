// SPDX-License-Identifier: MIT
// A lent socket as clients see it.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"

namespace forgelink::protocol {

struct LendView {
  std::string id, socket;
  std::vector<std::string> connections;
  bool read_only = false;
  Time expires_at{};

  void fields(auto& f) {
    f.required("id", id, "Its id, for lend.end.");
    f.required("connections", connections, "The ids of the connections that exist there.");
    f.required("socket", socket, "The socket's path.");
    f.required("read_only", read_only, "Lists only: git gets no token there.");
    f.required("expires_at", expires_at, "When it ends by itself.");
  }
};

}  // namespace forgelink::protocol
