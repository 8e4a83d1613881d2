// SPDX-License-Identifier: MIT
#include "daemon/methods/oauth_app_list.hpp"

#include "daemon/methods/optional_text.hpp"

namespace forgelink {

Result<OAuthAppList::Reply> OAuthAppList::call(Params) const {
  Reply reply;
  for (OAuthApps::Listed& app : apps.list()) {
    reply.apps.push_back({.type = unless_empty(std::move(app.type)),
                          .server_url = unless_empty(std::move(app.server_url)),
                          .client_id = std::move(app.client_id),
                          .from = std::string(app.from),
                          .has_secret = app.has_secret});
  }
  return reply;
}

}  // namespace forgelink
