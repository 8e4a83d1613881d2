// SPDX-License-Identifier: MIT
// The key by which names are compared: Unicode normalisation and full case folding (GLib's), so that "WORK"
// and "work", "STRASSE" and "straße" are one name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace forgelink {

std::string name_key(std::string_view name);

// The number of code points; nothing if the text is not UTF-8.
std::optional<std::size_t> code_points(std::string_view text);

}  // namespace forgelink
