// SPDX-License-Identifier: MIT
// The user's git configuration: our helper for our hosts and nobody else's copy of our tokens; and the way
// back.
#pragma once

#include "clients/cli/context.hpp"

namespace forgelink::cli {

// After a connection was added: if setup was done before, the new host joins it. Says so.
void extend_git_setup(Context& context);

}  // namespace forgelink::cli
