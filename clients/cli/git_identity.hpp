// SPDX-License-Identifier: MIT
// Whose name commits get: git's own word on it against the connection that the repository uses.
#pragma once

#include <string>

#include "clients/cli/context.hpp"

namespace forgelink::cli {

// As git would write it into a commit now (`git var GIT_AUTHOR_IDENT`); empty where git has none.
struct CommitIdentity {
  std::string name, email;
};
CommitIdentity identity_here();

// `forgelink git identity [--set]`: ends the run with 1 if they do not agree or cannot.
void git_identity(Context& context, bool set);

}  // namespace forgelink::cli
