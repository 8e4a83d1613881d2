// SPDX-License-Identifier: MIT
// Handles `credential.erase`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/methods/credential.hpp"
#include "ipc/protocol/credential_erase.hpp"

namespace forgelink {

struct CredentialErase : protocol::CredentialErase {
  GitCredentials& credentials;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
