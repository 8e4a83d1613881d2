// SPDX-License-Identifier: MIT
// OAuth of Forgejo and Gitea (forgejo.org/docs, "OAuth2 provider"): public apps with PKCE, and no scopes: the
// token may do whatever the person may. A redirect to http and a loopback literal takes any port; the paths
// are compared without a slash at their end. No device code, no revocation.
//
// A wrong code, a wrong verifier and a spent refresh token are all `unauthorized_client`. Whether a refresh
// token is spent by its use is the administrator's choice, so it is treated as if it were.
#include "providers/forges/forgejo/forgejo_oauth.hpp"

#include "base/version.hpp"
#include "providers/provider.hpp"

namespace forgelink::forges::forgejo {
namespace {

OAuthEndpoints endpoints(const Target& target, std::string_view) {
  const std::string root = target.server_url.value_or("");
  return {.authorize = root + "/login/oauth/authorize",
          .token = root + "/login/oauth/access_token",
          .device = "",
          .revoke = "",
          .issuer = root};
}

OAuthAppPage app_page(const Target& target) {
  return {.url = target.server_url.value_or("{server_url}") + "/user/settings/applications",
          .instructions =
              "Under \"Manage OAuth2 applications\": Application name: Forgelink. Redirect URI: "
              "http://127.0.0.1/. Untick \"Confidential client\"."};
}

}  // namespace

const OAuthDialect& oauth_dialect() {
  static const OAuthDialect dialect{
      .name = "the forge",
      .sign_in_label = "Sign in with Forgejo or Gitea",
      .caution =
          "A sign-in with Forgejo or Gitea may do everything that you may do there: it has no scopes. A "
          "personal access token can be limited.",
      .default_client_id = FORGELINK_FORGEJO_CLIENT_ID,
      .redirect = {.path = "/"},
      .scopes = "",
      .spent_errors = "unauthorized_client",
      .endpoints = endpoints,
      .app_page = app_page};
  return dialect;
}

}  // namespace forgelink::forges::forgejo
