// SPDX-License-Identifier: MIT
// toml++ as every file of ours that reads TOML includes it. Expensive to compile: for sources that parse.
#pragma once

// toml++ has an assertion that `[!]` fails; without assertions it says what is wrong (TOML_ASSERT is its own
// option).
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>
