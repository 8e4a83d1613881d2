// SPDX-License-Identifier: MIT
// Where a use of a connection was, as clients show it. Plain function of its arguments; any thread.
#pragma once

#include <optional>
#include <string>

namespace forgelink::protocol {

// Host and path of an entry of `access.list` or a question of `access.questions` as one text. The path of an
// API request begins with its method, as "GET /user". Empty if neither is known.
inline std::string access_place(const std::optional<std::string>& host,
                                const std::optional<std::string>& path) {
  std::string place = host.value_or("");
  if (!path || path->empty()) return place;
  if (!place.empty()) {
    const bool is_request = path->find(' ') != std::string::npos;
    place += is_request ? " " : path->front() == '/' ? "" : "/";
  }
  return place + *path;
}

}  // namespace forgelink::protocol
