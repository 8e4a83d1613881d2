// SPDX-License-Identifier: MIT
// The address of a self-hosted server as a person types it. Plain functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace forgelink {

// A server's address as a person types it, in normal form: https unless it says http, lower-case host, no
// default port, no trailing slash, no query or fragment or user. Errors are `invalid_params` on `server_url`
// and `bitbucket_on_premise_unsupported` (marks of Bitbucket Data Center: providers 8).
Result<std::string> normal_server_url(std::string_view typed, bool allow_http);

}  // namespace forgelink
