// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "ipc/protocol/lend_view.hpp"

namespace forgelink::protocol {

struct LendList {
  static constexpr std::string_view name = "lend.list";
  static constexpr std::string_view summary = "What is lent now.";

  struct Params {
    void fields(auto&) {}
  };
  struct Reply {
    std::vector<LendView> lends;
    void fields(auto& f) { f.required("lends", lends, "The one that ends first comes first."); }
  };
};

}  // namespace forgelink::protocol
