#include "daemon/methods/event_subscribe.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace forgelink {

Result<EventSubscribe::Reply> EventSubscribe::call(Params params, ipc::Peer& peer) const {
  const auto& known = event_kinds();
  for (const std::string& kind : params.kinds) {
    if (std::find(known.begin(), known.end(), kind) != known.end()) continue;
    return invalid("kinds", "There is no event of the kind “" + kind + "”.",
                   fmt::format("There are {}.", fmt::join(known, ", ")));
  }
  Reply reply{.sequence = static_cast<std::int64_t>(events.sequence()),
              .secret_store = view_of(viewer.vault)};
  for (const Connection* connection : viewer.registry.page("", viewer.registry.size(), "")) {
    reply.connections.push_back(viewer.show(*connection));
  }
  events.subscribe(peer.shared_from_this(), {params.kinds.begin(), params.kinds.end()});
  return reply;
}

}  // namespace forgelink
