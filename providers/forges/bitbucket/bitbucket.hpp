// SPDX-License-Identifier: MIT
// The connection type for Bitbucket (bitbucket.org). Called once, by providers/registry.cpp.
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges::bitbucket {

Provider provider();

}  // namespace forgelink::forges::bitbucket
