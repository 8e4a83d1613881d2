// SPDX-License-Identifier: MIT
// The answers of an authorization server. Plain values that own their tokens.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"

namespace forgelink {

struct OAuthTokens {
  Secret access;
  std::optional<Secret> refresh;
  std::optional<Time> expires_at;
  std::vector<std::string> scopes;
};

// Tokens, or why there are none.
struct TokenAnswer {
  std::optional<OAuthTokens> tokens;
  Error error;            // without tokens
  std::string word = {};  // the server's own code of the error; "" if it said none
  bool passing = false;   // no connection, a timeout, 5xx, a rate limit: asking again may help
  bool spent = false;     // the code or refresh token is used, wrong or over
};

// RFC 8628 section 3.2.
struct DeviceCode {
  SharedSecret device_code;
  std::string user_code, verification_uri;
  std::optional<std::string> verification_uri_complete;
  std::chrono::seconds expires_in{900}, interval{5};
};

struct DevicePoll {
  TokenAnswer answer;
  bool pending = false;                             // nobody has decided yet
  std::optional<std::chrono::seconds> slower = {};  // pending, and the interval is to be this
};

}  // namespace forgelink
