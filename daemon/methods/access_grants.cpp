// SPDX-License-Identifier: MIT
#include "daemon/methods/access_grants.hpp"

namespace forgelink {

Result<AccessGrants::Reply> AccessGrants::call(Params params) const {
  std::optional<ConnectionId> only;
  if (params.connection) {
    Result<ConnectionId> id = connections.find(*params.connection);
    if (!id) return id.error();
    only = *id;
  }
  Reply reply;
  for (const Grant& grant : consent.grants()) {
    if (only && grant.what.connection != *only) continue;
    reply.grants.push_back({.grant = grant.what.id,
                            .connection = grant.what.connection.text(),
                            .executable = grant.what.executable,
                            .program = grant.what.program,
                            .decision = std::string(name_of(grant.decision)),
                            .created_at = grant.what.created_at});
  }
  return reply;
}

}  // namespace forgelink
