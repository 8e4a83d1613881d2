// SPDX-License-Identifier: MIT
// Rules in words, for a person.
#pragma once

#include <string>

#include "ipc/protocol/rule_view.hpp"

namespace forgelink::cli {

// "https://git.example/owner in /home/me/work"
std::string rule_in_words(const protocol::RuleView& rule);

}  // namespace forgelink::cli
