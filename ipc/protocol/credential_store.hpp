// SPDX-License-Identifier: MIT
// The types of `credential.store`. Plain values; any thread.
#pragma once

#include <string_view>

#include "ipc/protocol/credential_params.hpp"

namespace forgelink::protocol {

struct CredentialStore {
  static constexpr std::string_view name = "credential.store";
  static constexpr std::string_view summary =
      "For git's helper: report that a server accepted this credential.";

  using Params = CredentialParams;
  struct Reply {
    void fields(auto&) {}
  };
};

}  // namespace forgelink::protocol
