// SPDX-License-Identifier: MIT
// Handles `token.purge`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/connections/connections.hpp"
#include "daemon/git/stored_credentials.hpp"
#include "ipc/protocol/token_purge.hpp"

namespace forgelink {

struct TokenPurge : protocol::TokenPurge {
  const Connections& connections;
  const Registry& registry;
  Tokens& tokens;
  StoredCredentials& stored_credentials;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
