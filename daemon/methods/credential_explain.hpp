// SPDX-License-Identifier: MIT
// Handles `credential.explain`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/methods/credential.hpp"
#include "ipc/protocol/credential_explain.hpp"

namespace forgelink {

struct CredentialExplain : protocol::CredentialExplain {
  GitCredentials& credentials;
  const Registry& registry;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
