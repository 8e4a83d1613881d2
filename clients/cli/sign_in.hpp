// SPDX-License-Identifier: MIT
// Signing in from a terminal: by the browser, by a pasted redirect address, or by a code.
#pragma once

#include "clients/cli/context.hpp"
#include "ipc/protocol/sign_in_start.hpp"
#include "ipc/protocol/sign_in_wait.hpp"

namespace forgelink::cli {

// Signs in and returns the answer of sign_in.wait once the sign-in is completed. `params.method` is chosen
// here; `type` is the connection's. Where there is no browser and the type has device codes, a code is
// offered beside the address. A refusal ends the run, and so does Ctrl-C, which cancels the sign-in first.
Answer<protocol::SignInWait> sign_in(Context& context, protocol::SignInStart::Params params,
                                     const std::string& type, bool device);

}  // namespace forgelink::cli
