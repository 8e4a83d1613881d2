// SPDX-License-Identifier: MIT
#include "providers/oauth/pkce.hpp"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <stdexcept>

namespace forgelink {
namespace {

// RFC 4648 section 5, without padding, for 32 bytes.
void encode32(const unsigned char* bytes, char* into) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  unsigned bits = 0, held = 0;
  for (int i = 0; i < 32; ++i) {
    held = held << 8 | bytes[i];
    for (bits += 8; bits >= 6; bits -= 6) *into++ = digits[held >> (bits - 6) & 63];
  }
  *into = digits[held << (6 - bits) & 63];
}

}  // namespace

std::shared_ptr<const Secret> random_text() {
  const Secret bytes = Secret::of_size(32, [](char* into) {
    if (RAND_bytes(reinterpret_cast<unsigned char*>(into), 32) != 1)
      throw std::runtime_error("no random numbers are available");
  });
  return std::make_shared<const Secret>(Secret::of_size(43, [&](char* into) {
    encode32(reinterpret_cast<const unsigned char*>(bytes.reveal().data()), into);
  }));
}

std::string challenge_of(const Secret& verifier) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(verifier.reveal().data()), verifier.size(), digest);
  std::string challenge(43, '\0');
  encode32(digest, challenge.data());
  return challenge;
}

}  // namespace forgelink
