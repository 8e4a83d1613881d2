// SPDX-License-Identifier: MIT
// Awaits several operations, a few at a time instead of one after the other.
//
// Used on the event loop only.
#pragma once

#include <functional>
#include <vector>

#include "base/async.hpp"

namespace forgelink {

// Returns when all have finished. REQUIRES: what they refer to lives until then, as in the coroutine that
// awaits this. At most four run at once.
awaitable<> when_all(std::vector<std::function<awaitable<>()>> operations);

}  // namespace forgelink
