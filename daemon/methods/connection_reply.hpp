// SPDX-License-Identifier: MIT
// What every method that ends in a connection answers: `{connection}`, as it is now.
#pragma once

#include "base/result.hpp"
#include "daemon/model/connection_view.hpp"
#include "daemon/vault/secret_vault.hpp"
#include "ipc/protocol/connection_reply.hpp"
#include "storage/registry.hpp"

namespace forgelink {

using protocol::ConnectionReply;

// Shows connections as of now; cheap, to be copied into the methods that need it.
struct Viewer {
  const Registry& registry;
  const SecretVault& vault;
  const Clock& clock;
  const Settings& settings;

  ConnectionView show(const Connection& connection) const {
    return view_of(connection, clock.now(), vault.is_unreachable(connection.token), settings);
  }
  Result<ConnectionReply> reply(ConnectionId id) const;
};

}  // namespace forgelink
