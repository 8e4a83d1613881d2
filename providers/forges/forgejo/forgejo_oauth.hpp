// SPDX-License-Identifier: MIT
#pragma once

#include "providers/oauth/oauth_dialect.hpp"

namespace forgelink::forges::forgejo {

const OAuthDialect& oauth_dialect();

}  // namespace forgelink::forges::forgejo
