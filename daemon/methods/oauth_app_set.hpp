// SPDX-License-Identifier: MIT
// Handles `oauth_app.set`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/tokens/oauth_apps.hpp"
#include "ipc/protocol/oauth_app_set.hpp"

namespace forgelink {

// Where an app is registered: the server's address in its normal form, "" for the app of the type. Refuses a
// type without OAuth, and a server that the type cannot have.
Result<std::string> app_server(const std::string& type, const std::optional<std::string>& server_url,
                               const Endpoints& endpoints);

struct OAuthAppSet : protocol::OAuthAppSet {
  OAuthApps& apps;
  const Registry& registry;
  const Settings& settings;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
