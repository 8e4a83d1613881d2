// SPDX-License-Identifier: MIT
// Bitbucket's OAuth: an OAuth consumer with a secret, no PKCE. Constant data;
// any thread.
#pragma once

#include "providers/oauth/oauth_dialect.hpp"

namespace forgelink::forges::bitbucket {

const OAuthDialect& oauth_dialect();

}  // namespace forgelink::forges::bitbucket
