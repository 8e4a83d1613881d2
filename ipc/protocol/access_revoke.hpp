// SPDX-License-Identifier: MIT
// The types of `access.revoke`. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

namespace forgelink::protocol {

struct AccessRevoke {
  static constexpr std::string_view name = "access.revoke";
  static constexpr std::string_view summary = "Revoke a grant: the next use by that program asks again.";

  struct Params {
    std::string grant;
    void fields(auto& f) { f.required("grant", grant, "Its id, as access.grants names it."); }
  };
  struct Reply {
    std::string revoked;
    void fields(auto& f) { f.required("revoked", revoked, "The id of the revoked grant."); }
  };
};

}  // namespace forgelink::protocol
