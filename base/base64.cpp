// SPDX-License-Identifier: MIT
#include "base/base64.hpp"

#include <cstdint>

namespace forgelink {
namespace {

std::string_view alphabet_of(Base64 kind) {
  return kind == Base64::standard ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                                  : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}

// The six bits of a character; 64 if it is not in the alphabet.
std::uint32_t sextet_of(char c, Base64 kind) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 52;
  if (c == (kind == Base64::standard ? '+' : '-')) return 62;
  if (c == (kind == Base64::standard ? '/' : '_')) return 63;
  return 64;
}

}  // namespace

std::size_t base64_size(std::size_t bytes, Base64 kind) {
  return kind == Base64::standard ? 4 * ((bytes + 2) / 3) : (4 * bytes + 2) / 3;
}

char* encode_base64(std::string_view bytes, char* into, Base64 kind) {
  const std::string_view alphabet = alphabet_of(kind);
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    held = held << 8 | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 6; bits -= 6) *into++ = alphabet[held >> (bits - 6) & 63];
  }
  if (bits > 0) *into++ = alphabet[held << (6 - bits) & 63];
  if (kind == Base64::standard) {
    for (std::size_t i = bytes.size(); i % 3 != 0; ++i) *into++ = '=';
  }
  return into;
}

std::string base64_of(std::string_view bytes, Base64 kind) {
  std::string text(base64_size(bytes.size(), kind), '\0');
  encode_base64(bytes, text.data(), kind);
  return text;
}

std::optional<std::size_t> decode_base64(std::string_view text, char* into, Base64 kind) {
  if (kind == Base64::standard) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  // One letter alone holds no byte.
  if (text.size() % 4 == 1) return std::nullopt;
  std::size_t size = 0;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::uint32_t sextet = sextet_of(c, kind);
    if (sextet > 63) return std::nullopt;
    held = held << 6 | sextet;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    into[size++] = static_cast<char>(held >> bits & 0xff);
  }
  // Two spellings of the same bytes would be two names for one thing (RFC 4648 section 3.5).
  if ((held & ((1u << bits) - 1)) != 0) return std::nullopt;
  return size;
}

std::optional<std::string> bytes_of_base64(std::string_view text, Base64 kind) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const auto size = decode_base64(text, bytes.data(), kind);
  if (!size) return std::nullopt;
  bytes.resize(*size);
  return bytes;
}

}  // namespace forgelink
