// SPDX-License-Identifier: MIT
// The address of a self-hosted server as a person types it, and what its path says about the server's root.
// Plain functions; any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/url.hpp"

namespace forgelink {

// A server's address as a person types it, in normal form: https unless it says http, lower-case host, no
// default port, no trailing slash, no query or fragment or user; blanks and letters of the path encoded.
// Errors are `invalid_params` on `server_url`. Which forge may live there is the providers' business.
Result<std::string> normal_server_url(std::string_view typed, bool allow_http);

// The text that is parsed for it: with a scheme, the path encoded. For looking at its marks.
std::string address_text(std::string_view typed);

// The parts of a path, as they stand there.
std::vector<std::string> path_parts(std::string_view path);

// The address's origin with the first `count` parts of its path.
std::string with_first_parts(const WebAddress& address, std::size_t count);

// The address before the first part that is one of `marks` (in lower case); whole if none is.
std::string cut_at(const WebAddress& address, std::initializer_list<std::string_view> marks);

}  // namespace forgelink
