// SPDX-License-Identifier: MIT
// Connections in command lines that are shown to people. Any thread.
#pragma once

#include <string>

namespace forgelink::cli {

// False for a name that would be taken for an option, or that is not shown as it is.
bool can_be_typed(const std::string& name);

// One word for a shell: the connection's name where it can be typed, else its id.
std::string connection_word(const std::string& name, const std::string& id);

}  // namespace forgelink::cli
