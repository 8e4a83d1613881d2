// SPDX-License-Identifier: MIT
// Microsoft Entra's OAuth, for Azure DevOps (docs/forges.md). Constant data;
// any thread.
#pragma once

#include "providers/oauth/oauth_dialect.hpp"

namespace forgelink::forges::azure_devops {

const OAuthDialect& oauth_dialect();

}  // namespace forgelink::forges::azure_devops
