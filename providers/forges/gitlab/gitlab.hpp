// SPDX-License-Identifier: MIT
// The connection type for GitLab (gitlab.com). Called once, by providers/registry.cpp.
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges::gitlab {

Provider provider();

}  // namespace forgelink::forges::gitlab
