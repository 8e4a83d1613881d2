// SPDX-License-Identifier: MIT
// The random numbers of a sign-in: PKCE (RFC 7636, S256 only) and `state` (RFC 8252 section 8.9).
#pragma once

#include <memory>
#include <string>

#include "base/secret.hpp"

namespace forgelink {

// base64url of 32 random bytes: 43 characters, 256 bits.
SharedSecret random_text();

// base64url(sha256(verifier)), RFC 7636 section 4.2.
std::string challenge_of(const Secret& verifier);

}  // namespace forgelink
