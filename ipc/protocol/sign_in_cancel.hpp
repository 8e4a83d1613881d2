// SPDX-License-Identifier: MIT
// The types of `sign_in.cancel`. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

namespace forgelink::protocol {

struct SignInCancel {
  static constexpr std::string_view name = "sign_in.cancel";
  static constexpr std::string_view summary =
      "Cancel a sign-in; every waiting call fails with sign_in_cancelled.";

  struct Params {
    std::string sign_in;
    void fields(auto& f) { f.required("sign_in", sign_in, "The sign-in's id."); }
  };
  struct Reply {
    std::string state;
    void fields(auto& f) { f.required("state", state, "cancelled; completed if it was before."); }
  };
};

}  // namespace forgelink::protocol
