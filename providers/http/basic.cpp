// SPDX-License-Identifier: MIT
#include "providers/http/basic.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace forgelink::http {
namespace {

unsigned char* bytes(char* text) { return reinterpret_cast<unsigned char*>(text); }
const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Secret base64(std::string_view plain) {
  const std::size_t size = 4 * ((plain.size() + 2) / 3);
  // EVP_EncodeBlock writes a NUL behind its text.
  const Secret terminated = Secret::of_size(size + 1, [&](char* into) {
    EVP_EncodeBlock(bytes(into), bytes(plain), static_cast<int>(plain.size()));
  });
  return Secret(terminated.reveal().substr(0, size));
}

Secret basic_credentials(std::string_view user, std::string_view password) {
  const Secret plain = Secret::of_size(user.size() + 1 + password.size(), [&](char* into) {
    into = std::copy(user.begin(), user.end(), into);
    *into++ = ':';
    std::copy(password.begin(), password.end(), into);
  });
  return base64(plain.reveal());
}

std::optional<Secret> password_of_basic(const Secret& credentials) {
  const std::string_view encoded = credentials.reveal();
  if (encoded.empty() || encoded.size() % 4 != 0) return std::nullopt;
  int size = -1;
  const Secret plain = Secret::of_size(encoded.size() / 4 * 3, [&](char* into) {
    size = EVP_DecodeBlock(bytes(into), bytes(encoded), static_cast<int>(encoded.size()));
  });
  if (size < 0) return std::nullopt;
  const std::size_t padding = encoded.ends_with("==") ? 2 : encoded.ends_with("=") ? 1 : 0;
  const std::string_view text = plain.reveal().substr(0, plain.size() - padding);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Secret(text.substr(colon + 1));
}

}  // namespace forgelink::http
