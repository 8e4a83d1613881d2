// SPDX-License-Identifier: MIT
// Normalises a path below a forge's API: it cannot leave the API's root, however often it is decoded. Plain
// functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "providers/forge_api.hpp"

namespace forgelink {

struct ApiPath {
  PathSegments segments;  // decoded
  std::string text;       // as it was, "/repos/o/r"; "" for the root itself
  std::string query;      // behind the first '?', as it was
};

// `path` with or without its first slash, already percent-encoded, perhaps with a query. `invalid_params` on
// `path` for an absolute address, segments that are or hide `.` or `..` (also encoded once or twice, or
// followed by `;`), backslashes, empty segments, control characters, and what is not ASCII.
Result<ApiPath> parse_api_path(std::string_view path);

// What is left of `path` below `root`, with its first slash; nothing if it is not at or below it. Both are
// paths of addresses, without a slash at the end of `root`.
std::optional<std::string_view> below(std::string_view path, std::string_view root);

}  // namespace forgelink
