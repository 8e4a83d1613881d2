// SPDX-License-Identifier: MIT
// The types of `lend.list`. Plain values; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "ipc/protocol/lend_view.hpp"

namespace forgelink::protocol {

struct LendList {
  static constexpr std::string_view name = "lend.list";
  static constexpr std::string_view summary = "List the lends.";

  struct Params {
    void fields(auto&) {}
  };
  struct Reply {
    std::vector<LendView> lends;
    void fields(auto& f) { f.required("lends", lends, "The one that ends first comes first."); }
  };
};

}  // namespace forgelink::protocol
