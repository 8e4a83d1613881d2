// SPDX-License-Identifier: MIT
// The types of `sign_in.complete`. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "ipc/protocol/sign_in_state.hpp"

namespace forgelink::protocol {

struct SignInComplete {
  static constexpr std::string_view name = "sign_in.complete";
  static constexpr std::string_view summary =
      "Complete a sign-in by browser with the redirect address that the browser ended at.";

  struct Params {
    std::string sign_in;
    Secret redirect_url;  // holds the code
    void fields(auto& f) {
      f.required("sign_in", sign_in, "The sign-in's id.");
      f.required("redirect_url", redirect_url, "The whole address, http://127.0.0.1:...");
    }
  };
  using Reply = SignInState;
};

}  // namespace forgelink::protocol
