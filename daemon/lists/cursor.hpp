// SPDX-License-Identifier: MIT
// Cursors: places in a list, opaque to clients. Base64url of what the list needs to find its place again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace forgelink {

std::string cursor_of(std::string_view text);
std::optional<std::string> cursor_text(std::string_view cursor);  // nothing for what is no cursor

}  // namespace forgelink
