// SPDX-License-Identifier: MIT
// Signing in from a terminal: by the browser, by a pasted redirect address, or by a code.
#pragma once

#include "clients/cli/context.hpp"

namespace forgelink::cli {

// `params` are those of sign_in.start but for `method`; `type` is the connection's. Where there is no browser
// and the type has device codes, a code is offered beside the address. Gives the result of sign_in.wait once
// it is completed; Ctrl-C cancels it.
json::value sign_in(Context& context, json::object params, const std::string& type, bool device);

}  // namespace forgelink::cli
