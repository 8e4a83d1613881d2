// SPDX-License-Identifier: MIT
// The smallest forge there can be, for the test that adding one takes one folder and one registry line.
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges::toy {

Provider provider();

}  // namespace forgelink::forges::toy
