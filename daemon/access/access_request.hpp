// SPDX-License-Identifier: MIT
// A request to use a connection's token: which program, for what. Plain values, on the loop.
#pragma once

#include <memory>
#include <string>

#include "base/ids.hpp"
#include "ipc/peer.hpp"
#include "storage/access_entry.hpp"

namespace forgelink {

// Who asks, taken from the peer while it is there.
struct Asker {
  std::shared_ptr<const Caller> caller;  // null: the daemon itself
  std::weak_ptr<ipc::Peer> peer;         // told that a question waits for an answer

  static Asker of(ipc::Peer& peer) { return {.caller = peer.caller(), .peer = peer.weak_from_this()}; }
};

struct AccessRequest {
  ConnectionId connection;
  AccessAction action = AccessAction::git;
  Asker asker;
  std::string directory, host, path;  // "" where there is none; an empty host becomes the forge's own
  bool agreed = false;                // the person said yes to all of it before: a front, a lent socket
};

}  // namespace forgelink
