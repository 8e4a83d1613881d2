// SPDX-License-Identifier: MIT
// Handles `commit.list`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/access/gate.hpp"
#include "daemon/lists/forge_lists.hpp"
#include "ipc/peer.hpp"
#include "ipc/protocol/commit_list.hpp"

namespace forgelink {

struct CommitList : protocol::CommitList {
  const Connections& connections;
  const Registry& registry;
  ForgeLists& lists;
  Gate& gate;
  bool lent = false;  // on a lent socket, to which the person agreed

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const;
};

}  // namespace forgelink
