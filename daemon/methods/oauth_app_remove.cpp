// SPDX-License-Identifier: MIT
#include "daemon/methods/oauth_app_remove.hpp"

#include "daemon/methods/oauth_app_set.hpp"

namespace forgelink {

awaitable<Result<OAuthAppRemove::Reply>> OAuthAppRemove::call(Params params) const {
  Result<std::string> server = app_server(params.type, params.server_url, settings.endpoints);
  if (!server) co_return server.error();
  Result<> removed = co_await apps.remove(params.type, *server);
  if (!removed) co_return removed.error();
  co_return Reply{.type = std::move(params.type),
                  .server_url = server->empty() ? std::nullopt : std::optional(*server)};
}

}  // namespace forgelink
