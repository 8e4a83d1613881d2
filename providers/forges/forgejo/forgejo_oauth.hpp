// SPDX-License-Identifier: MIT
// Forgejo's and Gitea's OAuth: public clients with PKCE, no scopes. Constant data;
// any thread.
#pragma once

#include "providers/oauth/oauth_dialect.hpp"

namespace forgelink::forges::forgejo {

const OAuthDialect& oauth_dialect();

}  // namespace forgelink::forges::forgejo
