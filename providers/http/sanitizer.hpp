// SPDX-License-Identifier: MIT
// Masks a token in text that a server sent: a server that echoes the request must not bring the token into a
// message, an event or a database.
//
// Knows every spelling in which a token is sent: as it is, percent-encoded, and in base64 at each of the
// three alignments that the user name before it may give it (RFC 7617), with the letters of base64url and the
// `\/` of JSON. Tokens of fewer than 6 bytes are not masked: they could be any word. Holds the spellings in
// locked memory; use one object on one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "providers/http/http.hpp"

namespace forgelink::http {

class Sanitizer {
 public:
  explicit Sanitizer(std::string_view token);

  // Puts "…" in place of the token, and of any piece of it that has 16 bytes or more. For short texts: takes
  // time by the length of the text and of the token.
  std::string clean(std::string text) const;

  // Body and headers, in place: the whole token only, in time by their length.
  void clean(Reply& reply) const;

 private:
  struct Spelling {
    Secret text;
    bool base64 = false;
  };

  void add(Secret text, bool base64);
  void add_base64(std::string_view token, std::size_t before);
  void mask_whole(std::string& text) const;
  void mask_pieces(std::string& text) const;

  std::vector<Spelling> spellings_;
};

}  // namespace forgelink::http
