// SPDX-License-Identifier: MIT
#include "daemon/methods/connection_update.hpp"

#include "daemon/methods/connection_add.hpp"

namespace forgelink {

awaitable<Result<ConnectionReply>> ConnectionUpdate::call(Params params) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  ConnectionChanges changes;
  changes.name = std::move(params.name);
  changes.username = std::move(params.username);
  changes.email = std::move(params.email);
  changes.server_url = std::move(params.server_url);
  changes.organization = std::move(params.organization);
  changes.commit_name = std::move(params.commit_name);
  changes.commit_email = std::move(params.commit_email);
  changes.expires_at = params.expires_at;
  const bool has_token = params.token.has_value();
  changes.token = std::move(params.token);
  changes.verify = params.verify;
  changes.allow_http = params.allow_http;
  changes.accept_account_change = params.accept_account_change;
  if (params.retention) {
    Result<Retention> retention = parse_retention(*params.retention);
    if (!retention) co_return retention.error();
    changes.retention = *retention;
  }
  if (params.access) {
    Result<Access> access = parse_access(*params.access, *viewer.settings.policy);
    if (!access) co_return access.error();
    changes.access = *access;
  }
  Result<> updated = co_await connections.update(*id, std::move(changes));
  if (!updated) co_return has_token ? about_token(updated.error()) : updated.error();
  co_return viewer.reply(*id);
}

}  // namespace forgelink
