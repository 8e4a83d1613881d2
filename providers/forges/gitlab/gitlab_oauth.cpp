// SPDX-License-Identifier: MIT
// GitLab's OAuth (docs.gitlab.com/api/oauth2): Doorkeeper, with public apps and PKCE. Each instance has apps
// of its own. An app that is registered with http://127.0.0.1/callback takes any port there, but the path to
// the letter, and no other spelling of the loopback.
#include "providers/forges/gitlab/gitlab_oauth.hpp"

#include "base/version.hpp"
#include "providers/forges/gitlab/gitlab_api.hpp"
#include "providers/oauth/oauth_errors.hpp"

namespace forgelink::forges::gitlab {
namespace {

OAuthEndpoints endpoints(const Target& target, std::string_view) {
  const std::string root = gitlab_root(target);
  return {.authorize = root + "/oauth/authorize",
          .token = root + "/oauth/token",
          .device = root + "/oauth/authorize_device",
          .revoke = root + "/oauth/revoke",
          .issuer = root};
}

std::optional<Error> refusal(const OAuthRefusal& refused, const OAuthServer&) {
  // An instance may forbid the scopes of an administrator's session to apps.
  if (refused.step == OAuthStep::authorize && refused.error == "unauthorized_client")
    return Error{.code = Errc::sign_in_denied,
                 .message = "This GitLab does not let the account sign in with the OAuth app.",
                 .hint = "An administrator of that GitLab can change it; or use a personal access token."};
  return std::nullopt;
}

OAuthAppPage app_page(const Target& target) {
  const std::string root = gitlab_root(target);
  return {.url = root + "/-/user_settings/applications",
          .instructions =
              "Name: Forgelink. Redirect URI: http://127.0.0.1/callback. Untick \"Confidential\". "
              "Scopes: read_api, write_repository."};
}

OAuthDialect dialect_for(std::string_view default_client_id, bool in_settings) {
  return {.name = "GitLab",
          .sign_in_label = "Sign in with GitLab",
          .default_client_id = default_client_id,
          .in_settings = in_settings,
          .device = true,
          .scopes = "read_api write_repository",
          .endpoints = endpoints,
          .refusal = refusal,
          .app_page = app_page};
}

}  // namespace

const OAuthDialect& oauth_dialect() {
  static const OAuthDialect dialect = dialect_for(FORGELINK_GITLAB_CLIENT_ID, true);
  return dialect;
}

const OAuthDialect& self_managed_oauth_dialect() {
  static const OAuthDialect dialect = dialect_for("", false);
  return dialect;
}

}  // namespace forgelink::forges::gitlab
