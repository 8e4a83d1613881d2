// SPDX-License-Identifier: MIT
// The connection type for GitHub Enterprise: a server of one's own, or a tenant of ghe.com. Called once, by
// providers/registry.cpp.
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges::github_enterprise {

Provider provider();

}  // namespace forgelink::forges::github_enterprise
