// SPDX-License-Identifier: MIT
// Handles `oauth_app.list`. On the event loop; what it refers to must outlive it.
#pragma once

#include "base/result.hpp"
#include "daemon/tokens/oauth_apps.hpp"
#include "ipc/protocol/oauth_app_list.hpp"

namespace forgelink {

struct OAuthAppList : protocol::OAuthAppList {
  const OAuthApps& apps;

  Result<Reply> call(Params) const;
};

}  // namespace forgelink
