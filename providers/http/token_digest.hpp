// SPDX-License-Identifier: MIT
// A digest of a token, to compare tokens without storing them. Plain function; any thread.
#pragma once

#include <string>

#include "base/secret.hpp"

namespace forgelink::http {

// SHA-256, 32 bytes.
std::string digest_of(const Secret& secret);

}  // namespace forgelink::http
