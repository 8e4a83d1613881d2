// SPDX-License-Identifier: MIT
// The types of `daemon.unlock`. Plain values; any thread.
#pragma once

#include <string_view>

namespace forgelink::protocol {

struct DaemonUnlock {
  static constexpr std::string_view name = "daemon.unlock";
  static constexpr std::string_view summary = "Unlock the daemon.";

  struct Params {
    void fields(auto&) {}
  };
  struct Reply {
    bool locked = false;
    void fields(auto& f) { f.required("locked", locked, "Is it locked now?"); }
  };
};

}  // namespace forgelink::protocol
