// SPDX-License-Identifier: MIT
// Handles `oauth_app.remove`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/tokens/oauth_apps.hpp"
#include "ipc/protocol/oauth_app_remove.hpp"

namespace forgelink {

struct OAuthAppRemove : protocol::OAuthAppRemove {
  OAuthApps& apps;
  const Settings& settings;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
