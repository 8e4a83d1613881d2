// SPDX-License-Identifier: MIT
#include "providers/http/sanitizer.hpp"

#include <algorithm>
#include <cstring>

#include "base/url.hpp"
#include "providers/http/basic.hpp"

namespace forgelink::http {
namespace {

constexpr std::size_t shortest_token = 6;
constexpr std::size_t shortest_piece = 16;
constexpr std::string_view token_mask = "…";

bool is_base64(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/' || c == '-' || c == '_' ||
         c == '=';  // only at the end
}

Secret replaced(std::string_view text, char from, std::string_view to) {
  const auto count = static_cast<std::size_t>(std::count(text.begin(), text.end(), from));
  return Secret::of_size(text.size() - count + count * to.size(), [&](char* into) {
    for (const char c : text) {
      if (c == from) {
        into = std::copy(to.begin(), to.end(), into);
      } else {
        *into++ = c;
      }
    }
  });
}

// The letters of base64 that the token alone decides, when `before` bytes of something else precede it. The
// ones at both ends depend on their neighbours as well.
Secret base64_within(std::string_view token, std::size_t before) {
  const Secret plain = Secret::of_size(before + token.size(), [&](char* into) {
    std::memset(into, 0, before);
    std::copy(token.begin(), token.end(), into + before);
  });
  const Secret encoded = base64(plain.reveal());
  const std::size_t begin = (before * 8 + 5) / 6, end = plain.size() * 8 / 6;
  return Secret(encoded.reveal().substr(begin, end - begin));
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

Sanitizer::Sanitizer(std::string_view token) {
  if (token.size() < shortest_token) return;
  add(Secret(token), false);
  std::string encoded = percent_encoded(token);
  if (encoded != token) {
    add(Secret(encoded), false);
    // The same with "%2f" for "%2F".
    for (std::size_t i = 0; i + 2 < encoded.size(); ++i) {
      if (encoded[i] != '%') continue;
      for (std::size_t at = i + 1; at <= i + 2; ++at)
        encoded[at] = static_cast<char>(std::tolower(static_cast<unsigned char>(encoded[at])));
    }
    add(Secret(encoded), false);
  }
  explicit_bzero(encoded.data(), encoded.size());
  for (std::size_t before = 0; before < 3; ++before) add_base64(token, before);
}

void Sanitizer::add(Secret text, bool base64) {
  if (text.size() < shortest_token) return;
  const bool known = std::any_of(spellings_.begin(), spellings_.end(),
                                 [&](const Spelling& one) { return one.text.equals(text); });
  if (!known) spellings_.push_back({.text = std::move(text), .base64 = base64});
}

void Sanitizer::add_base64(std::string_view token, std::size_t before) {
  Secret plain = base64_within(token, before);
  const Secret dashed = replaced(plain.reveal(), '+', "-");
  add(replaced(dashed.reveal(), '/', "_"), true);
  add(replaced(plain.reveal(), '/', "\\/"), true);
  add(std::move(plain), true);
}

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
  for (const Spelling& spelling : spellings_) {
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
  for (const Spelling& spelling : spellings_) {
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
