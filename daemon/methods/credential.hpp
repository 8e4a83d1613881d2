// SPDX-License-Identifier: MIT
// The parameters of git's three requests, checked. Plain functions; any thread.
#pragma once

#include "daemon/git/git_credentials.hpp"
#include "ipc/protocol/credential_params.hpp"

namespace forgelink {

// Refuses what no address can hold (control characters) as `invalid_params`, and brings the rest into the
// daemon's own form.
Result<GitCredential> checked(protocol::CredentialParams params);

}  // namespace forgelink
