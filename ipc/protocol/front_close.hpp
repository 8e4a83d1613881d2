// SPDX-License-Identifier: MIT
// The types of `front.close`. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

namespace forgelink::protocol {

struct FrontClose {
  static constexpr std::string_view name = "front.close";
  static constexpr std::string_view summary = "Close a front and abort its requests.";

  struct Params {
    std::string front;
    void fields(auto& f) { f.required("front", front, "Its id, as front.open gave it."); }
  };
  struct Reply {
    std::string closed;
    void fields(auto& f) { f.required("closed", closed, "The id of the closed front."); }
  };
};

}  // namespace forgelink::protocol
