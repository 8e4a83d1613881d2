// SPDX-License-Identifier: MIT
#include "providers/oauth/pkce.hpp"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <stdexcept>

#include "base/base64.hpp"

namespace forgelink {
SharedSecret random_text() {
  const Secret bytes = Secret::of_size(32, [](char* into) {
    if (RAND_bytes(reinterpret_cast<unsigned char*>(into), 32) != 1)
      throw std::runtime_error("no random numbers are available");
  });
  return std::make_shared<const Secret>(
      Secret::of_size(base64_size(bytes.size(), Base64::url),
                      [&](char* into) { encode_base64(bytes.reveal(), into, Base64::url); }));
}

std::string challenge_of(const Secret& verifier) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(verifier.reveal().data()), verifier.size(), digest);
  return base64_of({reinterpret_cast<const char*>(digest), sizeof digest}, Base64::url);
}

}  // namespace forgelink
