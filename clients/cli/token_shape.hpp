// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace forgelink::cli {

// Has it the shape of a forge's token? By the marks that forges put in front, else by its length: names of
// people are shorter.
bool looks_like_token(std::string_view text);

}  // namespace forgelink::cli
