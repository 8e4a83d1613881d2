// SPDX-License-Identifier: MIT
#include "providers/http/token_mask.hpp"

#include <algorithm>
#include <utility>

namespace forgelink::http {

TokenMask::TokenMask(const Secret& token) : spellings_(spellings_of(token.reveal())) {
  for (const TokenSpelling& one : spellings_) longest_ = std::max(longest_, one.text.size());
}

void TokenMask::mask(std::string& text) const {
  for (const TokenSpelling& spelling : spellings_) {
    const std::string_view wanted = spelling.text.reveal();
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
