// SPDX-License-Identifier: MIT
// The OAuth app that signs people in with GitHub: its client id from the registry (`forgelink oauth-app
// set`), the settings, or the build; its client secret from the vault. On the loop.
#pragma once

#include "daemon/tokens/secret_vault.hpp"

namespace forgelink {

class OAuthApps {
 public:
  OAuthApps(Registry& registry, SecretVault& vault, const Settings& settings)
      : registry_(registry), vault_(vault), settings_(settings) {}

  struct App {
    std::string client_id;
    SharedSecret client_secret;  // null if it has none: enough for the device flow
  };

  // `oauth_app_missing` with the page for making one, prefilled.
  awaitable<Result<App>> github(bool needs_secret);

  awaitable<Result<>> set_github(std::string client_id, std::optional<Secret> client_secret);

 private:
  Error missing(std::string message) const;

  Registry& registry_;
  SecretVault& vault_;
  const Settings& settings_;
};

}  // namespace forgelink
