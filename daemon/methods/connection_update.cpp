// SPDX-License-Identifier: MIT
#include "daemon/methods/connection_update.hpp"

#include "daemon/methods/connection_add.hpp"

namespace forgelink {

awaitable<Result<ConnectionReply>> ConnectionUpdate::call(Params params) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  ConnectionChanges changes{.name = std::move(params.name),
                            .username = std::move(params.username),
                            .email = std::move(params.email),
                            .server_url = std::move(params.server_url),
                            .organization = std::move(params.organization),
                            .commit_name = std::move(params.commit_name),
                            .commit_email = std::move(params.commit_email),
                            .expires_at = params.expires_at,
                            .token = std::move(params.token),
                            .verify = params.verify,
                            .allow_http = params.allow_http,
                            .accept_account_change = params.accept_account_change};
  if (params.retention) {
    Result<Retention> retention = parse_retention(*params.retention);
    if (!retention) co_return retention.error();
    changes.retention = *retention;
  }
  if (params.access) {
    Result<Access> access = parse_access(*params.access);
    if (!access) co_return access.error();
    changes.access = *access;
  }
  Result<> updated = co_await connections.update(*id, std::move(changes));
  if (!updated) co_return updated.error();
  co_return viewer.reply(*id);
}

}  // namespace forgelink
