// SPDX-License-Identifier: MIT
#include "daemon/methods/event_subscribe.hpp"

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace forgelink {

Result<EventSubscribe::Reply> EventSubscribe::call(Params params, ipc::Peer& peer) const {
  std::set<EventKind> kinds;
  for (const std::string& wanted : params.kinds) {
    const auto kind = protocol::event_kind_of(wanted);
    if (!kind) {
      return invalid("kinds", "There is no event of the kind “" + wanted + "”.",
                     fmt::format("There are {}.", fmt::join(protocol::event_kind_names, ", ")));
    }
    kinds.insert(*kind);
  }
  // Nothing is awaited from here on: no event falls between the snapshot and the subscription.
  Reply reply{.sequence = static_cast<std::int64_t>(events.sequence()),
              .secret_store = view_of(viewer.vault)};
  if (params.snapshot.value_or(true)) {
    for (const Connection* connection : viewer.registry.page("", viewer.registry.size(), "")) {
      reply.connections.push_back(viewer.show(*connection));
    }
  }
  events.subscribe(peer.shared_from_this(), std::move(kinds));
  return reply;
}

}  // namespace forgelink
