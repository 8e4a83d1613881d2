// SPDX-License-Identifier: MIT
// GitHub's OAuth: authorization code with PKCE, device flow, refresh (providers 10.2; RFC 6749, 7636, 8628).
//
// GitHub says no with status 200 and an `error`; every answer is read with that in mind. Answers hold tokens
// and are kept in locked memory. On the loop; the client and the endpoints must outlive it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "providers/http/http.hpp"
#include "providers/oauth/redirect.hpp"
#include "providers/provider.hpp"

namespace forgelink {

// The app that asks.
struct OAuthClient {
  std::string client_id;
  std::shared_ptr<const Secret> client_secret;  // null: only the device flow will do
};

struct OAuthTokens {
  Secret access;
  std::optional<Secret> refresh;
  std::optional<Time> expires_at;
  std::vector<std::string> scopes;
};

struct DeviceCode {
  std::shared_ptr<const Secret> device_code;
  std::string user_code, verification_uri;
  std::chrono::seconds expires_in{900}, interval{5};
};

// How a device code stands: neither member while it is pending.
struct DevicePoll {
  std::optional<std::chrono::seconds> slower;  // the new interval
  std::optional<OAuthTokens> tokens;
};

class GithubOAuth {
 public:
  GithubOAuth(http::Client& client, const Endpoints& endpoints, const Clock& clock)
      : client_(client), endpoints_(endpoints), clock_(clock) {}

  std::string issuer() const { return endpoints_.of("github", "web") + "/login/oauth"; }

  // What the browser opens. `login` suggests an account.
  std::string authorize_url(const OAuthClient& app, const SignInRequest& request,
                            const std::vector<std::string>& scopes, const std::string& login) const;

  // Once per code. sign_in_denied, oauth_app_missing (wrong id or secret), forge_error.
  awaitable<Result<OAuthTokens>> exchange_code(OAuthClient app, SignInRequest request, Secret code);

  awaitable<Result<DeviceCode>> start_device(OAuthClient app, std::vector<std::string> scopes);
  awaitable<Result<DevicePoll>> poll_device(OAuthClient app, DeviceCode device);

  // token_rejected is the forge's final word; every other error may pass.
  awaitable<Result<OAuthTokens>> refresh(OAuthClient app, std::shared_ptr<const Secret> refresh_token);

  // `error=` of a redirect.
  static Error authorization_error(const std::string& error);

 private:
  awaitable<Result<OAuthTokens>> ask_for_tokens(http::Form form, std::string& error);

  http::Client& client_;
  const Endpoints& endpoints_;
  const Clock& clock_;
};

}  // namespace forgelink
