// SPDX-License-Identifier: MIT
// The connection type for GitHub (github.com). Called once, by providers/registry.cpp.
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges::github {

Provider provider();

}  // namespace forgelink::forges::github
