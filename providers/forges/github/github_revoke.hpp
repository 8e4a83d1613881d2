// SPDX-License-Identifier: MIT
// Revoking GitHub's tokens (docs.github.com/rest/credentials/revoke). Constant data;
// any thread.
#pragma once

#include "providers/token_ending.hpp"

namespace forgelink::forges::github {

const Revocation& revocation();

// GitHub Enterprise Server: authenticated, and personal access tokens only.
const Revocation& enterprise_revocation();

}  // namespace forgelink::forges::github
