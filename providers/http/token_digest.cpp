// SPDX-License-Identifier: MIT
#include "providers/http/token_digest.hpp"

#include <openssl/sha.h>

namespace forgelink::http {

std::string digest_of(const Secret& secret) {
  unsigned char digest[SHA256_DIGEST_LENGTH] = {};
  const std::string_view token = secret.reveal();
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest);
  return {reinterpret_cast<char*>(digest), sizeof digest};
}

}  // namespace forgelink::http
