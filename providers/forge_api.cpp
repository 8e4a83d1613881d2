// SPDX-License-Identifier: MIT
#include "providers/forge_api.hpp"

namespace forgelink {

std::optional<std::string> repository_at(const PathSegments& path, std::size_t owner, std::size_t name) {
  if (path.size() <= owner || path.size() <= name) return std::nullopt;
  for (const std::string& part : {path[owner], path[name]}) {
    if (part.empty() || part.find('/') != std::string::npos) return std::nullopt;
  }
  return path[owner] + "/" + path[name];
}

}  // namespace forgelink
