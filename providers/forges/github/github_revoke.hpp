// SPDX-License-Identifier: MIT
#pragma once

#include "providers/token_ending.hpp"

namespace forgelink::forges::github {

const Revocation& revocation();

// GitHub Enterprise Server: authenticated, and personal access tokens only.
const Revocation& enterprise_revocation();

}  // namespace forgelink::forges::github
