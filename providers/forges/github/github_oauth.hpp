// SPDX-License-Identifier: MIT
// GitHub's OAuth: browser and device code. Constant data;
// any thread.
#pragma once

#include "providers/oauth/oauth_dialect.hpp"

namespace forgelink::forges::github {

const OAuthDialect& oauth_dialect();

// The same on GitHub Enterprise Server and ghe.com: the app is registered on that server.
const OAuthDialect& enterprise_oauth_dialect();

}  // namespace forgelink::forges::github
