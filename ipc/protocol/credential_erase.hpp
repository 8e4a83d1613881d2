// SPDX-License-Identifier: MIT
// The types of `credential.erase`. Plain values; any thread.
#pragma once

#include <string_view>

#include "ipc/protocol/credential_params.hpp"

namespace forgelink::protocol {

struct CredentialErase {
  static constexpr std::string_view name = "credential.erase";
  static constexpr std::string_view summary =
      "For git's helper: report that a server refused this credential. The forge is asked before a token "
      "counts as rejected.";

  using Params = CredentialParams;
  struct Reply {
    void fields(auto&) {}
  };
};

}  // namespace forgelink::protocol
