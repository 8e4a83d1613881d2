// SPDX-License-Identifier: MIT
// The types of `event.subscribe`. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipc/protocol/connection_view.hpp"
#include "ipc/protocol/secret_store_view.hpp"

namespace forgelink::protocol {

struct EventSubscribe {
  static constexpr std::string_view name = "event.subscribe";
  static constexpr std::string_view summary =
      "Return the current state, and from then on send an `event` notification for each change.";

  struct Params {
    std::vector<std::string> kinds;
    std::optional<bool> snapshot;

    void fields(auto& f) {
      f.optional("kinds", kinds, "Only these kinds of events; all if left out.");
      f.optional("snapshot", snapshot,
                 "False: `connections` stays empty; connection.list gives them by pages.");
    }
  };
  struct Reply {
    std::int64_t sequence = 0;
    std::vector<ConnectionView> connections;
    SecretStoreView secret_store;

    void fields(auto& f) {
      f.required("sequence", sequence, "The number of the last event before this; the next has the next.");
      f.required("connections", connections, "All connections as they are now, by name.");
      f.required("secret_store", secret_store, "The state of the secret store.");
    }
  };
};

}  // namespace forgelink::protocol
