// SPDX-License-Identifier: MIT
#pragma once

#include "providers/oauth/oauth_dialect.hpp"

namespace forgelink::forges::azure_devops {

const OAuthDialect& oauth_dialect();

}  // namespace forgelink::forges::azure_devops
