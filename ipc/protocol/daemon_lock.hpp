// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace forgelink::protocol {

struct DaemonLock {
  static constexpr std::string_view name = "daemon.lock";
  static constexpr std::string_view summary =
      "Lock the daemon: no token leaves, and none stays in its cache, before daemon.unlock.";

  struct Params {
    void fields(auto&) {}
  };
  struct Reply {
    bool locked = false;
    void fields(auto& f) { f.required("locked", locked, "Is it locked now?"); }
  };
};

}  // namespace forgelink::protocol
