// SPDX-License-Identifier: MIT
// Handles `credential.get`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/git/version_notice.hpp"
#include "daemon/methods/credential.hpp"
#include "ipc/protocol/credential_get.hpp"

namespace forgelink {

struct CredentialGet : protocol::CredentialGet {
  GitCredentials& credentials;
  VersionNotice& versions;

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const;
};

// What git gets, as the protocol says it.
CredentialGet::Reply reply_with(GitAnswer answer);

}  // namespace forgelink
