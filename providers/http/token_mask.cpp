// SPDX-License-Identifier: MIT
#include "providers/http/token_mask.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/url.hpp"

namespace forgelink::http {
namespace {

constexpr std::size_t shortest_masked = 6;  // anything shorter would mask ordinary words

// The part of a base64 text that is the token's own when so many bytes stand before it in their group of
// three.
Secret inside_base64(std::string_view token, std::size_t before) {
  std::string bytes(before, '\0');
  bytes += token;
  const std::size_t size = 4 * ((bytes.size() + 2) / 3);
  std::string encoded(size + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  const std::size_t begin = (8 * before + 5) / 6, end = 8 * bytes.size() / 6;
  Secret part(end > begin ? std::string_view(encoded).substr(begin, end - begin) : std::string_view());
  explicit_bzero(bytes.data(), bytes.size());
  explicit_bzero(encoded.data(), encoded.size());
  return part;
}

}  // namespace

TokenMask::TokenMask(const Secret& token) {
  if (token.size() < shortest_masked) return;
  spellings_.push_back(token.duplicate());
  std::string encoded = percent_encoded(token.reveal());
  if (!token.equals(encoded)) spellings_.emplace_back(encoded);
  explicit_bzero(encoded.data(), encoded.size());
  for (std::size_t before = 0; before < 3; ++before)
    spellings_.push_back(inside_base64(token.reveal(), before));
  for (const Secret& one : spellings_) longest_ = std::max(longest_, one.size());
}

void TokenMask::mask(std::string& text) const {
  for (const Secret& spelling : spellings_) {
    const std::string_view wanted = spelling.reveal();
    for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + wanted.size()))
      text.replace(at, wanted.size(), wanted.size(), '*');
  }
}

std::string TokenMask::next(std::string_view piece) {
  if (longest_ == 0) return std::string(piece);
  kept_ += piece;
  mask(kept_);
  if (kept_.size() < longest_) return "";
  const std::size_t ready = kept_.size() - (longest_ - 1);
  std::string out = kept_.substr(0, ready);
  kept_.erase(0, ready);
  return out;
}

std::string TokenMask::rest() { return std::exchange(kept_, {}); }

}  // namespace forgelink::http
