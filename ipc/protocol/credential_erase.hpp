// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "ipc/protocol/credential_params.hpp"

namespace forgelink::protocol {

struct CredentialErase {
  static constexpr std::string_view name = "credential.erase";
  static constexpr std::string_view summary =
      "For git's helper: git had this credential refused. The forge is asked before anything counts as "
      "refused.";

  using Params = CredentialParams;
  struct Reply {
    void fields(auto&) {}
  };
};

}  // namespace forgelink::protocol
