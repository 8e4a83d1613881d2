// SPDX-License-Identifier: MIT
// Bitbucket's OAuth consumers (support.atlassian.com, "Use OAuth on Bitbucket Cloud"): key and secret always,
// scopes of the consumer, one callback that a request may only extend. PKCE parameters are taken and not
// checked, so none are sent: they would protect nothing. No device code, no revocation.
#include "providers/forges/bitbucket/bitbucket_oauth.hpp"

#include "base/version.hpp"
#include "providers/oauth/oauth_errors.hpp"
#include "providers/provider.hpp"

namespace forgelink::forges::bitbucket {
namespace {

OAuthEndpoints endpoints(const Target& target, std::string_view) {
  const std::string web = target.endpoints->of("bitbucket", "web");
  return {.authorize = web + "/site/oauth2/authorize",
          .token = web + "/site/oauth2/access_token",
          .device = "",
          .revoke = "",
          .issuer = web};
}

OAuthAppPage app_page(const Target& target) {
  return {.url = target.endpoints->of("bitbucket", "web") + "/account/workspaces/",
          .instructions =
              "Choose the workspace, then Settings, OAuth consumers, Add consumer. Name: Forgelink. Callback "
              "URL: http://127.0.0.1 (or http://127.0.0.1:PORT/callback with [oauth.bitbucket] redirect_port "
              "= PORT). Tick \"This is a private consumer\". Permissions: Account Read, Workspace membership "
              "Read, Repositories Read and Write. Key and secret stand below it."};
}

}  // namespace

const OAuthDialect& oauth_dialect() {
  static const OAuthDialect dialect{.name = "Bitbucket",
                                    .sign_in_label = "Sign in with Bitbucket",
                                    .default_client_id = FORGELINK_BITBUCKET_CLIENT_ID,
                                    .pkce = false,
                                    .secret = ClientSecret::always,
                                    .redirect = {.fixed_port = true},
                                    .scopes = "",
                                    .endpoints = endpoints,
                                    .app_page = app_page};
  return dialect;
}

}  // namespace forgelink::forges::bitbucket
