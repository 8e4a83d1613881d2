// SPDX-License-Identifier: MIT
// The methods of a lent socket: those of the daemon, narrowed to what was lent. A connection that was not
// lent is not found there, as one that does not exist.
#pragma once

#include "daemon/lend/lends.hpp"
#include "daemon/methods/commit_list.hpp"
#include "daemon/methods/credential_get.hpp"
#include "daemon/methods/repository_list.hpp"
#include "ipc/protocol/daemon_status.hpp"

namespace forgelink {

struct Services;

struct LentCredentialGet : protocol::CredentialGet {
  GitCredentials& credentials;
  std::shared_ptr<const LentConnections> lent;

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const;
};

struct LentRepositoryList : protocol::RepositoryList {
  forgelink::RepositoryList method;
  std::shared_ptr<const LentConnections> lent;

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const;
};

struct LentCommitList : protocol::CommitList {
  forgelink::CommitList method;
  std::shared_ptr<const LentConnections> lent;

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const;
};

// Counts what is lent and says nothing about the rest.
struct LentDaemonStatus : protocol::DaemonStatus {
  Services& services;
  std::shared_ptr<const LentConnections> lent;
  const ipc::Server* const& server;

  Result<Reply> call(Params) const;
};

}  // namespace forgelink
