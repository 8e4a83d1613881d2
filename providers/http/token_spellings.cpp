// SPDX-License-Identifier: MIT
#include "providers/http/token_spellings.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <string>

#include "base/url.hpp"
#include "providers/http/basic.hpp"

namespace forgelink::http {
namespace {

constexpr std::size_t shortest_token = 6;

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
  // Letters of six bits: the first that begins at or behind the token's first bit, and those that end before
  // its last.
  const std::size_t begin = (before * 8 + 5) / 6, end = plain.size() * 8 / 6;
  return Secret(encoded.reveal().substr(begin, end - begin));
}

void add_spelling(std::vector<TokenSpelling>& all, Secret text, bool base64) {
  if (text.size() < shortest_token) return;
  const bool known =
      std::any_of(all.begin(), all.end(), [&](const TokenSpelling& one) { return one.text.equals(text); });
  if (!known) all.push_back({.text = std::move(text), .base64 = base64});
}

void add_percent_encoded(std::vector<TokenSpelling>& all, std::string_view token) {
  std::string encoded = percent_encoded(token);
  if (encoded != token) {
    add_spelling(all, Secret(encoded), false);
    // The same with "%2f" for "%2F".
    for (std::size_t i = 0; i + 2 < encoded.size(); ++i) {
      if (encoded[i] != '%') continue;
      for (std::size_t at = i + 1; at <= i + 2; ++at)
        encoded[at] = static_cast<char>(std::tolower(static_cast<unsigned char>(encoded[at])));
    }
    add_spelling(all, Secret(encoded), false);
  }
  explicit_bzero(encoded.data(), encoded.size());
}

void add_base64(std::vector<TokenSpelling>& all, std::string_view token, std::size_t before) {
  Secret plain = base64_within(token, before);
  const Secret dashed = replaced(plain.reveal(), '+', "-");
  add_spelling(all, replaced(dashed.reveal(), '/', "_"), true);
  add_spelling(all, replaced(plain.reveal(), '/', "\\/"), true);
  add_spelling(all, std::move(plain), true);
}

}  // namespace

std::vector<TokenSpelling> spellings_of(std::string_view token) {
  std::vector<TokenSpelling> all;
  if (token.size() < shortest_token) return all;
  add_spelling(all, Secret(token), false);
  add_percent_encoded(all, token);
  for (std::size_t before = 0; before < 3; ++before) add_base64(all, token, before);
  return all;
}

}  // namespace forgelink::http
