// SPDX-License-Identifier: MIT
#include "clients/cli/import/found.hpp"

#include <algorithm>
#include <cctype>

#include "clients/cli/terminal.hpp"

namespace forgelink::cli {
namespace {

constexpr std::size_t longest_username = 100;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_encoded(std::string_view text, std::size_t at) {
  return text[at] == '%' && at + 2 < text.size() && digit(text[at + 1]) >= 0 && digit(text[at + 2]) >= 0;
}

}  // namespace

void fill_in(Found& found, const Secret& user, Secret password) {
  const std::string_view name = user.reveal(), proof = password.reveal();
  const bool in_front =
      proof.empty() || proof == "x-oauth-basic" || (looks_like_token(name) && !looks_like_token(proof));
  found.token = in_front ? user.duplicate() : std::move(password);
  if (in_front || looks_like_token(name) || name.empty()) return;
  if (name.size() > longest_username || clean(name) != name) return;
  (name.find('@') == std::string_view::npos ? found.username : found.email) = name;
}

Secret decoded(std::string_view text) {
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size(); ++size) at += is_encoded(text, at) ? 3 : 1;
  return Secret::of_size(size, [text](char* out) {
    for (std::size_t at = 0; at < text.size(); ++out) {
      const bool encoded = is_encoded(text, at);
      *out = encoded ? static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2])) : text[at];
      at += encoded ? 3 : 1;
    }
  });
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 && text.front() != ':' && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' || c == ':' || c == '[' ||
                  c == ']';
         });
}

}  // namespace forgelink::cli
