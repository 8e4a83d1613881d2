// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace forgelink::protocol {

struct AccessRevoke {
  static constexpr std::string_view name = "access.revoke";
  static constexpr std::string_view summary = "Take a grant back: the program is asked about again.";

  struct Params {
    std::string grant;
    void fields(auto& f) { f.required("grant", grant, "Its id, as access.grants names it."); }
  };
  struct Reply {
    std::string revoked;
    void fields(auto& f) { f.required("revoked", revoked, "The id of the grant that is no more."); }
  };
};

}  // namespace forgelink::protocol
