// SPDX-License-Identifier: MIT
// Rules in words, for a person.
#pragma once

#include <string>

#include "clients/cli/context.hpp"

namespace forgelink::cli {

// "https://git.example/owner in /home/me/work"
std::string rule_in_words(const json::value& rule);

}  // namespace forgelink::cli
