// SPDX-License-Identifier: MIT
// The types of `daemon.lock`. Plain values; any thread.
#pragma once

#include <string_view>

namespace forgelink::protocol {

struct DaemonLock {
  static constexpr std::string_view name = "daemon.lock";
  static constexpr std::string_view summary =
      "Lock the daemon: it hands out no token and caches none until daemon.unlock.";

  struct Params {
    void fields(auto&) {}
  };
  struct Reply {
    bool locked = false;
    void fields(auto& f) { f.required("locked", locked, "Is it locked now?"); }
  };
};

}  // namespace forgelink::protocol
