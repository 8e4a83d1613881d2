// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/methods/credential.hpp"
#include "ipc/protocol/credential_erase.hpp"

namespace forgelink {

struct CredentialErase : protocol::CredentialErase {
  GitCredentials& credentials;

  awaitable<Result<Reply>> call(Params params) const;
};

}  // namespace forgelink
