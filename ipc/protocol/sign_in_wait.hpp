// SPDX-License-Identifier: MIT
// The types of `sign_in.wait`. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

#include "ipc/protocol/sign_in_state.hpp"

namespace forgelink::protocol {

struct SignInWait {
  static constexpr std::string_view name = "sign_in.wait";
  static constexpr std::string_view summary = "Wait until a sign-in ends, or until the timeout.";

  struct Params {
    std::string sign_in;
    std::int64_t timeout = 60;
    void fields(auto& f) {
      f.required("sign_in", sign_in, "The sign-in's id.");
      f.optional("timeout", timeout, "Seconds, 60 if left out, at most 300.");
    }
  };
  using Reply = SignInState;
};

}  // namespace forgelink::protocol
