// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "providers/forges/azure_devops/azure_devops.hpp"
#include "providers/forges/azure_devops/azure_devops_server.hpp"
#include "providers/forges/bitbucket/bitbucket.hpp"
#include "providers/forges/bitbucket_data_center/bitbucket_data_center.hpp"
#include "providers/forges/forgejo/forgejo.hpp"
#include "providers/forges/github/github.hpp"
#include "providers/forges/github_enterprise/github_enterprise.hpp"
#include "providers/forges/gitlab/gitlab.hpp"
#include "providers/forges/gitlab/gitlab_self_managed.hpp"

// A test build adds one more line, to prove that nothing else is needed (tests/providers/toy_forge).
#ifdef FORGELINK_FURTHER_FORGE
#include FORGELINK_FURTHER_FORGE_HEADER
#endif

namespace forgelink {

std::span<const Provider> providers() {
  static const std::array all = {
      forges::azure_devops::provider(),
      forges::azure_devops::server::provider(),
      forges::bitbucket::provider(),
      forges::github::provider(),
      forges::gitlab::provider(),
      forges::gitlab::self_managed::provider(),
      // The types of 0.1.0 stand first, in their order; further ones follow in the order in which they came.
      forges::github_enterprise::provider(),
      forges::bitbucket_data_center::provider(),
      forges::forgejo::provider(),
#ifdef FORGELINK_FURTHER_FORGE
      FORGELINK_FURTHER_FORGE::provider(),
#endif
  };
  return all;
}

const Provider* find_provider(std::string_view id) {
  for (const Provider& provider : providers()) {
    if (provider.id == id) return &provider;
  }
  return nullptr;
}

const Provider& default_sign_in_provider() {
  for (const Provider& provider : providers()) {
    if (provider.default_sign_in) return provider;
  }
  return providers().front();
}

bool has_field(const Provider& provider, std::string_view name) {
  return std::any_of(provider.fields.begin(), provider.fields.end(),
                     [&](const Field& field) { return field.name == name; });
}

}  // namespace forgelink
