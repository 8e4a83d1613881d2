// SPDX-License-Identifier: MIT
#include "providers/http/basic.hpp"

#include <algorithm>

#include "base/base64.hpp"

namespace forgelink::http {

Secret base64(std::string_view plain) {
  return Secret::of_size(base64_size(plain.size()), [&](char* into) { encode_base64(plain, into); });
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
  std::optional<std::size_t> size;
  const Secret plain =
      Secret::of_size(encoded.size() / 4 * 3, [&](char* into) { size = decode_base64(encoded, into); });
  if (!size) return std::nullopt;
  const std::string_view text = plain.reveal().substr(0, *size);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Secret(text.substr(colon + 1));
}

}  // namespace forgelink::http
