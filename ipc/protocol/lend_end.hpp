// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace forgelink::protocol {

struct LendEnd {
  static constexpr std::string_view name = "lend.end";
  static constexpr std::string_view summary = "End what was lent, and close its socket.";

  struct Params {
    std::string lend;
    void fields(auto& f) { f.required("lend", lend, "Its id."); }
  };
  struct Reply {
    std::string ended;
    void fields(auto& f) { f.required("ended", ended, "The id of what is lent no more."); }
  };
};

}  // namespace forgelink::protocol
