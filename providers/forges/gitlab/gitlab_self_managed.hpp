// SPDX-License-Identifier: MIT
// The connection type for GitLab on a server of one's own. Called once, by providers/registry.cpp.
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges::gitlab::self_managed {

Provider provider();

}  // namespace forgelink::forges::gitlab::self_managed
