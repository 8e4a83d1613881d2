// SPDX-License-Identifier: MIT
// Handles `repository.list`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/access/gate.hpp"
#include "daemon/lend/lends.hpp"
#include "daemon/lists/forge_lists.hpp"
#include "ipc/peer.hpp"
#include "ipc/protocol/repository_list.hpp"

namespace forgelink {

struct RepositoryList : protocol::RepositoryList {
  const Connections& connections;
  ForgeLists& lists;
  Gate& gate;
  const LentConnections* lent = nullptr;  // on a lent socket: what was lent

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const;
};

}  // namespace forgelink
