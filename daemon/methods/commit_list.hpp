// SPDX-License-Identifier: MIT
// Handles `commit.list`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/access/gate.hpp"
#include "daemon/lend/lends.hpp"
#include "daemon/lists/forge_lists.hpp"
#include "ipc/peer.hpp"
#include "ipc/protocol/commit_list.hpp"

namespace forgelink {

struct CommitList : protocol::CommitList {
  const Connections& connections;
  const Registry& registry;
  ForgeLists& lists;
  Gate& gate;
  const LentConnections* lent = nullptr;  // on a lent socket: what was lent

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const;
};

}  // namespace forgelink
