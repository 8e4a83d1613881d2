// SPDX-License-Identifier: MIT
// The connection type for Azure DevOps Server, on premises. Called once, by providers/registry.cpp.
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges::azure_devops::server {

Provider provider();

}  // namespace forgelink::forges::azure_devops::server
