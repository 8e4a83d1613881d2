// SPDX-License-Identifier: MIT
#include "providers/http/sanitizer.hpp"

#include <cctype>
#include <cstring>

namespace forgelink::http {
namespace {

constexpr std::size_t shortest_piece = 16;
constexpr std::string_view token_mask = "…";

bool is_base64(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/' || c == '-' || c == '_' ||
         c == '=';  // only at the end
}

// A run of few letters, as an id of noughts or a rule of dashes, is in many texts and tells nothing of a
// token. A link that is masked for it would end a list.
bool says_little(std::string_view piece) {
  constexpr std::size_t few = 3;
  std::string letters;
  for (const char c : piece) {
    if (letters.find(c) == std::string::npos) letters += c;
    if (letters.size() > few) return false;
  }
  return true;
}

}  // namespace

std::string Sanitizer::clean(std::string text) const {
  mask_whole(text);
  mask_pieces(text);
  return text;
}

void Sanitizer::clean(Reply& reply) const {
  mask_whole(reply.body);
  // Of links too only the whole token: a commit id may share a piece with a token of little variety.
  for (auto& [name, value] : reply.headers) mask_whole(value);
}

void Sanitizer::mask_whole(std::string& text) const {
  for (const TokenSpelling& spelling : spellings_) {
    const std::string_view wanted = spelling.text.reveal();
    std::size_t at = 0;
    while (at < text.size()) {
      const void* found = memmem(text.data() + at, text.size() - at, wanted.data(), wanted.size());
      if (found == nullptr) break;
      std::size_t begin = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
      std::size_t end = begin + wanted.size();
      // The user name before it and the padding behind it belong to the same credentials.
      while (spelling.base64 && begin > 0 && text[begin - 1] != '=' && is_base64(text[begin - 1])) --begin;
      while (spelling.base64 && end < text.size() && is_base64(text[end])) ++end;
      text.replace(begin, end - begin, token_mask);
      at = begin + token_mask.size();
    }
  }
}

// A server may cut what it repeats.
void Sanitizer::mask_pieces(std::string& text) const {
  for (const TokenSpelling& spelling : spellings_) {
    const std::string_view whole = spelling.text.reveal();
    if (whole.size() <= shortest_piece) continue;
    for (std::size_t at = 0; at + shortest_piece <= text.size(); ++at) {
      const std::string_view piece = std::string_view(text).substr(at, shortest_piece);
      const auto in_token = whole.find(piece);
      if (in_token == std::string_view::npos || says_little(piece)) continue;
      std::size_t size = shortest_piece;
      while (at + size < text.size() && in_token + size < whole.size() &&
             text[at + size] == whole[in_token + size])
        ++size;
      text.replace(at, size, token_mask);
      at += token_mask.size() - 1;
    }
  }
}

}  // namespace forgelink::http
