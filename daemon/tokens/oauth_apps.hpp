// SPDX-License-Identifier: MIT
// The OAuth apps for sign-ins, by type and server. An app comes from the registry (`forgelink
// oauth-app set`), the settings or the build; its client secret only ever from the vault.
//
// The first of these counts: the administrator's policy, stored for the server, [[oauth.server]], stored for
// the type, [oauth.TYPE], the build's own. On the loop; registry, vault and settings must outlive it.
#pragma once

#include "daemon/vault/secret_vault.hpp"
#include "providers/oauth/oauth_server.hpp"
#include "providers/provider.hpp"

namespace forgelink {

class OAuthApps {
 public:
  OAuthApps(Registry& registry, SecretVault& vault, const Settings& settings)
      : registry_(registry), vault_(vault), settings_(settings) {}

  enum class Use { browser, device, renewal, revocation };

  // The authorization server of the connection with the app for it. `sign_in_unsupported` for a type without
  // OAuth, `oauth_app_missing` with the page that makes an app and what to type into it, and the vault's
  // errors if a secret that is needed cannot be read.
  awaitable<Result<OAuthServer>> server_for(Connection connection, Use use);

  struct Listed {
    std::string type;        // "" for one of [[oauth.server]], which names none
    std::string server_url;  // "" for the app of the type
    std::string client_id;
    bool has_secret = false;
    std::string_view from;  // "policy", "stored", "settings", "build"
  };

  // Every app there is, in the order in which they count.
  std::vector<Listed> list() const;

  // `server_url` in its normal form, "" for the app of the type. Without a secret the one of the same client
  // id is kept.
  awaitable<Result<>> set(std::string type, std::string server_url, std::string client_id,
                          std::optional<Secret> client_secret);

  // `not_found` if none is stored there.
  awaitable<Result<>> remove(std::string type, std::string server_url);

 private:
  struct Chosen {
    std::string client_id, tenant;
    unsigned short redirect_port = 0;
    std::optional<OAuthApp> secret;  // the stored app whose client secret belongs to it
  };

  Chosen choose(const Provider& provider, const std::string& server_url) const;
  Error missing(const OAuthServer& server, std::string message) const;

  Registry& registry_;
  SecretVault& vault_;
  const Settings& settings_;
};

}  // namespace forgelink
