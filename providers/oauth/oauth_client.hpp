// SPDX-License-Identifier: MIT
// OAuth 2 for every forge: authorization code with PKCE, device code, refresh, revocation (RFC 6749, 7636,
// 8628, 7009). What differs between forges is in their OAuthDialect.
//
// Answers hold tokens and are kept in locked memory. Stateless; on the event loop. The HTTP client and the
// clock must outlive it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "providers/http/http.hpp"
#include "providers/oauth/oauth_answers.hpp"
#include "providers/oauth/oauth_server.hpp"
#include "providers/oauth/redirect.hpp"

namespace forgelink {

class OAuthClient {
 public:
  OAuthClient(http::Client& client, const Clock& clock) : client_(client), clock_(clock) {}

  // What the browser opens. `login` suggests an account, where the forge takes a suggestion.
  static std::string authorize_url(const OAuthServer& server, const SignInRequest& request,
                                   const std::string& login);

  // An `error=` of a redirect.
  static Error authorization_error(const OAuthServer& server, const RedirectAnswer& answer);

  // Errors: sign_in_denied, oauth_app_missing (wrong id, secret or callback), forge_error, and the network's.
  awaitable<TokenAnswer> exchange_code(OAuthServer server, SignInRequest request, SharedSecret code);

  awaitable<Result<DeviceCode>> start_device(OAuthServer server);
  awaitable<DevicePoll> poll_device(OAuthServer server, DeviceCode device);

  // Keeps the refresh token where the server gives no new one (RFC 6749 section 6). `token_rejected` is the
  // server's final word; every other error may pass.
  awaitable<TokenAnswer> refresh(OAuthServer server, SharedSecret refresh_token);

  // Ends the pair that `token` belongs to. Succeeds for a token that is over already (RFC 7009 section 2.2).
  // REQUIRES: the server has a revocation endpoint.
  awaitable<Result<>> revoke(OAuthServer server, SharedSecret token);

 private:
  awaitable<TokenAnswer> ask_for_tokens(OAuthServer server, http::Form form, OAuthStep step);

  http::Client& client_;
  const Clock& clock_;
};

}  // namespace forgelink
