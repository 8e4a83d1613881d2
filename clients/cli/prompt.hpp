// SPDX-License-Identifier: MIT
// Questions to a person on a terminal: on standard error, answered on standard input. Main thread.
//
// The terminal's own echo is off while an answer is typed, and we show it instead, so that a token that is
// pasted at the wrong question is never shown: nothing of it is used, and the question is asked again.
#pragma once

#include <optional>
#include <string>

#include "base/secret.hpp"

namespace forgelink::cli {

// Nothing at the end of the input.
std::optional<std::string> ask(const std::string& question);

// Takes y, yes, n, no, or Enter for `otherwise`, and asks again for anything else. False at the end of the
// input: nobody has said yes.
bool ask_yes_no(const std::string& question, bool otherwise);

std::optional<Secret> ask_secretly(const std::string& question);  // without echo

}  // namespace forgelink::cli
