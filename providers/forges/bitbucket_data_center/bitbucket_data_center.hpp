// SPDX-License-Identifier: MIT
// The connection type for Bitbucket Data Center and Server. Called once, by providers/registry.cpp.
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges::bitbucket_data_center {

Provider provider();

}  // namespace forgelink::forges::bitbucket_data_center
