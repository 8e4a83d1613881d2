// SPDX-License-Identifier: MIT
// The connection type for Azure DevOps (dev.azure.com). Called once, by providers/registry.cpp.
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges::azure_devops {

Provider provider();

}  // namespace forgelink::forges::azure_devops
