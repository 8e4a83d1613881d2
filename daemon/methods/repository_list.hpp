// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/lists/forge_lists.hpp"
#include "ipc/peer.hpp"
#include "ipc/protocol/repository_list.hpp"

namespace forgelink {

struct RepositoryList : protocol::RepositoryList {
  const Connections& connections;
  ForgeLists& lists;

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const;
};

}  // namespace forgelink
