// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "ipc/protocol/credential_params.hpp"

namespace forgelink::protocol {

struct CredentialStore {
  static constexpr std::string_view name = "credential.store";
  static constexpr std::string_view summary = "For git's helper: git had this credential accepted.";

  using Params = CredentialParams;
  struct Reply {
    void fields(auto&) {}
  };
};

}  // namespace forgelink::protocol
