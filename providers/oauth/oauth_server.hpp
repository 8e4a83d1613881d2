// SPDX-License-Identifier: MIT
// One authorization server together with the app that is registered there: what a single sign-in, renewal or
// revocation speaks to. A plain value, made when it begins.
#pragma once

#include <memory>
#include <string>

#include "base/secret.hpp"
#include "providers/oauth/oauth_dialect.hpp"

namespace forgelink {

// RFC 6749 section 2: the client.
struct OAuthAppIdentity {
  std::string client_id;
  SharedSecret client_secret;        // null if it has none, or none is known
  std::string tenant;                // Entra's; "" elsewhere
  unsigned short redirect_port = 0;  // 0: whichever is free
};

struct OAuthServer {
  const OAuthDialect* dialect = nullptr;
  OAuthEndpoints endpoints;
  OAuthAppIdentity app;
  std::string type, server_url;  // as `forgelink oauth-app set` names it; server_url "" for the type's own
  OAuthAppPage app_page;
  std::string connection;  // whose rate limit counts
};

// "forgelink oauth-app set gitlab-self-managed --server URL --client-id ID", for hints.
std::string command_to_set_app(const OAuthServer& server, bool with_secret);

}  // namespace forgelink
