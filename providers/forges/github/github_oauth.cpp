// SPDX-License-Identifier: MIT
// GitHub's OAuth apps (docs.github.com, "Authorizing OAuth apps"). The exchange of a code requires the client
// secret, with PKCE and without; the device code needs none. Errors come with status 200.
#include "providers/forges/github/github_oauth.hpp"

#include "base/url.hpp"
#include "base/version.hpp"
#include "providers/forges/github/github_api.hpp"
#include "providers/oauth/oauth_errors.hpp"

namespace forgelink::forges::github {
namespace {

OAuthEndpoints endpoints(const Target& target, std::string_view) {
  const std::string web = github_web(target);
  return {.authorize = web + "/login/oauth/authorize",
          .token = web + "/login/oauth/access_token",
          .device = web + "/login/device/code",
          .revoke = "",  // wants the client secret; a token is ended by /credentials/revoke instead
          .issuer = web + "/login/oauth"};
}

std::optional<Error> refusal(const OAuthRefusal& refused, const OAuthServer& server) {
  const std::string_view error = refused.error;
  if (error == "incorrect_client_credentials") return unknown_app(server);
  if (error == "redirect_uri_mismatch") return wrong_callback(server);
  if (error == "device_flow_disabled") {
    return Error{.code = Errc::oauth_app_missing,
                 .message = "The OAuth app does not allow the device code.",
                 .hint = "Switch on its device flow on GitHub's page of the app, or sign in by browser."};
  }
  if (error == "application_suspended")
    return Error{.code = Errc::oauth_app_missing, .message = "GitHub has suspended the OAuth app."};
  if (error == "unverified_user_email")
    return Error{.code = Errc::sign_in_denied,
                 .message = "GitHub wants the account's primary email verified first."};
  return std::nullopt;
}

// GitHub fills its form from these (docs.github.com, "Creating an OAuth app"). The callback has no port: any
// is then taken on the loopback address, and any path below it.
OAuthAppPage app_page(const Target& target) {
  return {.url = with_query(github_web(target) + "/settings/applications/new",
                            {{"oauth_application[name]", "Forgelink"},
                             {"oauth_application[url]", "http://127.0.0.1"},
                             {"oauth_application[callback_url]", "http://127.0.0.1/callback"}}),
          .instructions =
              "Application name: Forgelink. Homepage URL: http://127.0.0.1. Authorization callback "
              "URL: http://127.0.0.1/callback. Switch on \"Enable Device Flow\". Then generate a "
              "client secret."};
}

OAuthDialect dialect_for(std::string_view default_client_id, bool in_settings) {
  return {.name = "GitHub",
          .sign_in_label = "Sign in with GitHub",
          .former_word = "github",
          .default_client_id = default_client_id,
          .in_settings = in_settings,
          .device = true,
          .secret = ClientSecret::browser,
          .redirect = {.own_path = true},
          .scopes = "repo workflow read:user user:email",
          .login_parameter = "login",
          .spent_errors = "bad_verification_code incorrect_device_code bad_refresh_token unauthorized",
          .endpoints = endpoints,
          .refusal = refusal,
          .app_page = app_page};
}

}  // namespace

const OAuthDialect& oauth_dialect() {
  static const OAuthDialect dialect = dialect_for(FORGELINK_GITHUB_CLIENT_ID, true);
  return dialect;
}

const OAuthDialect& enterprise_oauth_dialect() {
  static const OAuthDialect dialect = dialect_for("", false);
  return dialect;
}

}  // namespace forgelink::forges::github
