// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/sign_in/oauth_apps.hpp"
#include "ipc/protocol/oauth_app_set.hpp"

namespace forgelink {

struct OAuthAppSet : protocol::OAuthAppSet {
  OAuthApps& apps;
  const Registry& registry;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
