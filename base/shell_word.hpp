// SPDX-License-Identifier: MIT
// A text as one word of a shell's command line, for the commands that are shown to people. Any thread.
#pragma once

#include <string>

namespace forgelink {

// As it is where the shell takes it so, else in single quotes.
std::string quoted(const std::string& text);

}  // namespace forgelink
