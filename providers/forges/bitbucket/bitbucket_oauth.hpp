// SPDX-License-Identifier: MIT
#pragma once

#include "providers/oauth/oauth_dialect.hpp"

namespace forgelink::forges::bitbucket {

const OAuthDialect& oauth_dialect();

}  // namespace forgelink::forges::bitbucket
