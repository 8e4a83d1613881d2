// SPDX-License-Identifier: MIT
// The result of a sign-in: an access token and, if it expires, a refresh token.
//
// A pair is stored as one item of two lines, access token first; a token without a refresh token as itself.
// Plain functions.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"

namespace forgelink {

struct TokenPair {
  Secret access;
  std::optional<Secret> refresh;
  std::optional<Time> expires_at;
  std::vector<std::string> scopes;
};

SharedSecret stored_form(const TokenPair& pair);
// Of a stored form: its access token, and its refresh token (empty if it has none).
SharedSecret access_of(SharedSecret stored);
SharedSecret refresh_of(const Secret& stored);

}  // namespace forgelink
