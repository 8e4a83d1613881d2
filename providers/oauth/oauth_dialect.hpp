// SPDX-License-Identifier: MIT
// How one forge's OAuth differs from another's: data, and functions where data is not enough. A member of
// Provider; OAuthClient and LoopbackListener read it and know no forge.
//
// Constant once made, one object per family of forges; any thread. RFC 6749 (codes and refresh tokens), 7636
// (PKCE), 8252 (redirects to the loopback), 8628 (device codes), 7009 (revocation), 9207 (`iss`).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace forgelink {

struct Target;

// Where an authorization server has its endpoints; "" for one that it does not have.
struct OAuthEndpoints {
  std::string authorize, token, device, revoke;
  std::string issuer;  // what an `iss` must be; `*` stands for one path segment, as a tenant's id
};

// Where the browser comes back to (RFC 8252 section 7.3), written as the forge compares it.
struct OAuthRedirect {
  std::string_view host = "127.0.0.1";  // in the redirect URI, and so in the browser's `Host`
  std::string_view path = "/callback";
  bool own_path = false;       // the forge takes any path below `path`, so each sign-in has one of its own
  bool both_families = false;  // `host` is a name: the browser may try ::1 before 127.0.0.1
  bool fixed_port = false;     // the forge may compare the port, so the settings have `redirect_port`
};

// When the app's client secret must be sent.
enum class ClientSecret { never, browser, always };

enum class OAuthStep { authorize, exchange, start_device, poll_device, refresh };

// What an authorization server said no with.
struct OAuthRefusal {
  OAuthStep step = OAuthStep::authorize;
  std::string error;        // "invalid_grant"
  std::string description;  // for people; not cleaned: never shown as it is
};

// The page on which a person registers an app, and what to type there.
struct OAuthAppPage {
  std::string url, instructions;
};

struct OAuthServer;

struct OAuthDialect {
  std::string_view name;                    // "GitLab": how messages call the server
  std::string_view sign_in_label;           // "Sign in with GitLab"
  std::string_view former_word = {};        // what `sign_in` called it before it was "oauth"; still taken
  std::string_view caution = {};            // what a person should know before signing in
  std::string_view default_client_id = {};  // of this build
  bool in_settings = true;                  // [oauth.TYPE] of the settings names its app
  bool has_tenants = false;                 // [oauth.TYPE] tenant
  bool device = false;                      // has device codes
  bool pkce = true;
  ClientSecret secret = ClientSecret::never;
  OAuthRedirect redirect = {};
  std::string_view scopes;                // separated by spaces; "" where the app has them
  std::string_view login_parameter = {};  // of the authorize address, to suggest an account
  std::vector<std::pair<std::string, std::string>> authorize_parameters = {};

  // Errors beside RFC 6749's `invalid_grant` that mean: this code or refresh token is spent, wrong or over.
  std::string_view spent_errors = {};

  OAuthEndpoints (*endpoints)(const Target& target, std::string_view tenant);

  // What an error of this forge's means, where the RFCs' meaning is not the whole of it.
  std::optional<Error> (*refusal)(const OAuthRefusal& refused, const OAuthServer& server) = nullptr;

  OAuthAppPage (*app_page)(const Target& target);
};

}  // namespace forgelink
