// SPDX-License-Identifier: MIT
// Sign in with GitHub, from a terminal: by the browser, by a pasted redirect address, or by a code.
#pragma once

#include "clients/cli/context.hpp"

namespace forgelink::cli {

// `params` are those of sign_in.start. Gives the result of sign_in.wait once it is completed; Ctrl-C cancels
// it.
json::value sign_in(Context& context, json::object params, bool device);

}  // namespace forgelink::cli
