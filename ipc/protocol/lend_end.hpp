// SPDX-License-Identifier: MIT
// The types of `lend.end`. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

namespace forgelink::protocol {

struct LendEnd {
  static constexpr std::string_view name = "lend.end";
  static constexpr std::string_view summary = "End a lend and close its socket.";

  struct Params {
    std::string lend;
    void fields(auto& f) { f.required("lend", lend, "Its id."); }
  };
  struct Reply {
    std::string ended;
    void fields(auto& f) { f.required("ended", ended, "The id of the ended lend."); }
  };
};

}  // namespace forgelink::protocol
