// SPDX-License-Identifier: MIT
// Handles `event.subscribe`. On the event loop; what it refers to must outlive it.
#pragma once

#include "daemon/events/events.hpp"
#include "daemon/methods/connection_reply.hpp"
#include "daemon/methods/secret_store_view.hpp"
#include "ipc/protocol/event_subscribe.hpp"

namespace forgelink {

struct EventSubscribe : protocol::EventSubscribe {
  EventHub& events;
  Viewer viewer;

  Result<Reply> call(Params params, ipc::Peer& peer) const;
};

}  // namespace forgelink
