// What every method that ends in a connection answers: `{connection}`, as it is now.
#pragma once

#include "base/result.hpp"
#include "daemon/connection_view.hpp"
#include "daemon/vault.hpp"
#include "storage/registry.hpp"

namespace forgelink {

struct ConnectionReply {
  ConnectionView connection;
  void fields(auto& f) { f.required("connection", connection, "The connection as it is now."); }
};

// Shows connections as of now; cheap, to be copied into the methods that need it.
struct Viewer {
  const Registry& registry;
  const Vault& vault;
  const Clock& clock;

  ConnectionView show(const Connection& connection) const {
    return view_of(connection, clock.now(), vault.service_away());
  }
  Result<ConnectionReply> reply(ConnectionId id) const;
};

}  // namespace forgelink
