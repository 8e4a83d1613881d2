// SPDX-License-Identifier: MIT
// The connection type for Forgejo, Gitea and Codeberg. Called once, by providers/registry.cpp.
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges::forgejo {

Provider provider();

}  // namespace forgelink::forges::forgejo
