// SPDX-License-Identifier: MIT
// Handles `credential.store`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/methods/credential.hpp"
#include "ipc/protocol/credential_store.hpp"

namespace forgelink {

struct CredentialStore : protocol::CredentialStore {
  GitCredentials& credentials;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
