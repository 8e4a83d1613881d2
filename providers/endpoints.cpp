// SPDX-License-Identifier: MIT
#include "providers/endpoints.hpp"

#include "providers/provider.hpp"

namespace forgelink {

std::string Endpoints::of(std::string_view type, std::string_view name) const {
  if (!replaced_.empty()) {
    const auto found = replaced_.find(std::pair(std::string(type), std::string(name)));
    if (found != replaced_.end()) return found->second;
  }
  const Provider* provider = find_provider(type);
  if (provider == nullptr) return "";
  for (const Endpoint& endpoint : provider->endpoints) {
    if (endpoint.name == name) return std::string(endpoint.url);
  }
  return "";
}

void Endpoints::replace(std::string_view type, std::string_view name, std::string url) {
  auto key = std::pair(std::string(type), std::string(name));
  replaced_.erase(key);
  if (of(type, name) != url) replaced_.emplace(std::move(key), std::move(url));
}

}  // namespace forgelink
