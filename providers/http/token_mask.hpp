// SPDX-License-Identifier: MIT
// Masks a token in a forge's answer, in every spelling in which it was sent: plain, percent-encoded, and
// inside base64 (RFC 7617) at each alignment. Each is replaced by as many asterisks, so that the announced
// length stays right.
//
// One per answer; on the loop. Holds the spellings in locked memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

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
  std::vector<Secret> spellings_;
  std::size_t longest_ = 0;
  std::string kept_;
};

}  // namespace forgelink::http
