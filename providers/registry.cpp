#include <array>

#include "providers/forges/forges.hpp"

namespace forgelink {

std::span<const Provider> providers() {
  static const std::array<Provider, 6> all = {forges::azure_devops(), forges::azure_devops_server(),
                                              forges::bitbucket(),    forges::github(),
                                              forges::gitlab(),       forges::gitlab_self_managed()};
  return all;
}

const Provider* find_provider(std::string_view id) {
  for (const Provider& provider : providers()) {
    if (provider.id == id) return &provider;
  }
  return nullptr;
}

}  // namespace forgelink
