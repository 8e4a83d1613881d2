// SPDX-License-Identifier: MIT
#include "storage/name_key.hpp"

#include <glib.h>

#include <algorithm>
#include <memory>

namespace forgelink {
namespace {

using GText = std::unique_ptr<char, decltype(&g_free)>;

}  // namespace

std::string name_key(std::string_view name) {
  // ASCII has one form and folds to lower case.
  if (std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    std::string key(name);
    std::transform(key.begin(), key.end(), key.begin(), g_ascii_tolower);
    return key;
  }
  // Canonical caseless matching (Unicode 3.13): "²" stays another name than "2". Folding may undo the normal
  // form, so it is made again.
  const auto size = static_cast<gssize>(name.size());
  if (!g_utf8_validate(name.data(), size, nullptr)) return std::string(name);
  const GText normal(g_utf8_normalize(name.data(), size, G_NORMALIZE_DEFAULT), g_free);
  const GText folded(g_utf8_casefold(normal.get(), -1), g_free);
  const GText key(g_utf8_normalize(folded.get(), -1, G_NORMALIZE_DEFAULT), g_free);
  return key.get();
}

std::optional<std::size_t> code_points(std::string_view text) {
  const auto size = static_cast<gssize>(text.size());
  if (!g_utf8_validate(text.data(), size, nullptr)) return std::nullopt;
  return static_cast<std::size_t>(g_utf8_strlen(text.data(), size));
}

}  // namespace forgelink
