// SPDX-License-Identifier: MIT
// GitLab's OAuth: public clients with PKCE, and device codes. Constant data;
// any thread.
#pragma once

#include "providers/oauth/oauth_dialect.hpp"

namespace forgelink::forges::gitlab {

const OAuthDialect& oauth_dialect();

// The same on a server of one's own, which has apps of its own.
const OAuthDialect& self_managed_oauth_dialect();

}  // namespace forgelink::forges::gitlab
