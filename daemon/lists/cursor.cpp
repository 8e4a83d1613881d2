// SPDX-License-Identifier: MIT
#include "daemon/lists/cursor.hpp"

#include <openssl/evp.h>
#include <algorithm>

namespace forgelink {

std::string cursor_of(std::string_view text) {
  std::string encoded(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(size));
  while (encoded.ends_with('=')) encoded.pop_back();
  std::replace(encoded.begin(), encoded.end(), '+', '-');
  std::replace(encoded.begin(), encoded.end(), '/', '_');
  return encoded;
}

std::optional<std::string> cursor_text(std::string_view cursor) {
  std::string encoded(cursor);
  std::replace(encoded.begin(), encoded.end(), '-', '+');
  std::replace(encoded.begin(), encoded.end(), '_', '/');
  const std::size_t padding = (4 - encoded.size() % 4) % 4;
  if (encoded.empty() || padding == 3) return std::nullopt;
  encoded.append(padding, '=');
  std::string text(encoded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(encoded.data()),
                                   static_cast<int>(encoded.size()));
  if (size < 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(size) - padding);
  return text;
}

}  // namespace forgelink
