// SPDX-License-Identifier: MIT
// Reads rate limits out of replies. Plain functions; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "providers/http/http.hpp"

namespace forgelink::http {

// How long the forge wants no further requests (Retry-After, X-RateLimit-Reset): at most a day, 60 s where a
// refusal does not say. Nothing if the reply is no rate limit.
std::optional<std::chrono::seconds> wanted_pause(const Reply& reply);

// `rate_limited` with `retry_after`. `forge` is how the message names it.
Error rate_limited(std::string_view forge, std::chrono::seconds wait);

}  // namespace forgelink::http
