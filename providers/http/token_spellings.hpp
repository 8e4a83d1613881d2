// SPDX-License-Identifier: MIT
// Every spelling in which a token is sent, or may be echoed: plain, percent-encoded (both cases of the hex
// digits), and in base64 at each of the three alignments that a user name before it may give it (RFC 7617),
// with the letters of base64url and the `\/` of JSON.
//
// Plain functions; the spellings are kept in locked memory.
#pragma once

#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace forgelink::http {

struct TokenSpelling {
  Secret text;
  bool base64 = false;
};

// Each once. None for a token of fewer than 6 bytes, which could be any word.
std::vector<TokenSpelling> spellings_of(std::string_view token);

}  // namespace forgelink::http
