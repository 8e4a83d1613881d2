// SPDX-License-Identifier: MIT
// How the addresses of a Bitbucket Server or Data Center look. Plain functions; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace forgelink::forges::bitbucket_data_center {

// `bitbucket_on_premise_unsupported` for an address, typed for another type, that only a Bitbucket on
// premises has: clone and browse paths, its REST root, its usual ports 7990 and 7999. Nothing for any other
// text.
std::optional<Error> claims_server(std::string_view typed);

}  // namespace forgelink::forges::bitbucket_data_center
