// SPDX-License-Identifier: MIT
// Masks a token in a forge's answer that is passed on, in every spelling (token_spellings.hpp). Each is
// replaced by as many asterisks, so that the announced length stays right.
//
// One per answer; on the loop.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/http/token_spellings.hpp"

namespace forgelink::http {

class TokenMask {
 public:
  explicit TokenMask(const Secret& token);

  // Masks a whole text.
  void mask(std::string& text) const;

  // Masks a text that comes in pieces: what could be the beginning of a spelling is kept back until the next
  // piece, or the end, tells. Returns what may go on.
  std::string next(std::string_view piece);
  std::string rest();

 private:
  std::vector<TokenSpelling> spellings_;
  std::size_t longest_ = 0;
  std::string kept_;
};

}  // namespace forgelink::http
