// SPDX-License-Identifier: MIT
// Masks a token in text that a server sent: a server that echoes the request must not bring the token into a
// message, an event or a database.
//
// Knows every spelling of the token (token_spellings.hpp), and takes what surrounds one in base64 for a part
// of the same credentials. Tokens of fewer than 6 bytes are not masked: they could be any word. Use one
// object on one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/http/http.hpp"
#include "providers/http/token_spellings.hpp"

namespace forgelink::http {

class Sanitizer {
 public:
  explicit Sanitizer(std::string_view token) : spellings_(spellings_of(token)) {}

  // Puts "…" in place of the token, and of any piece of it that has 16 bytes or more. For short texts: takes
  // time by the length of the text and of the token.
  std::string clean(std::string text) const;

  // Body and headers, in place: the whole token only, in time by their length.
  void clean(Reply& reply) const;

 private:
  void mask_whole(std::string& text) const;
  void mask_pieces(std::string& text) const;

  std::vector<TokenSpelling> spellings_;
};

}  // namespace forgelink::http
