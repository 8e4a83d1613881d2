// Small questions that belong to one page, asked a few at a time instead of one after the other.
#pragma once

#include <functional>
#include <vector>

#include "base/async.hpp"

namespace forgelink::forges {

// Goes on when all are answered. What they refer to must live until then: in the coroutine that awaits this.
awaitable<> side_by_side(std::vector<std::function<awaitable<>()>> questions);

}  // namespace forgelink::forges
