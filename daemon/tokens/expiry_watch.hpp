// SPDX-License-Identifier: MIT
// Publishes `token.expiring` ahead of a token's expiry and `token.expired` after it.
//
// One timer for the earliest date; none without dates. What was published is stored in the row, so that a
// restart publishes nothing twice. On the loop; follows the registry by events.
#pragma once

#include <map>

#include "daemon/events/events.hpp"
#include "daemon/settings/settings.hpp"
#include "storage/registry.hpp"

namespace forgelink {

class ExpiryWatch {
 public:
  ExpiryWatch(asio::any_io_executor executor, Registry& registry, EventHub& events, const Settings& settings,
              const Clock& clock)
      : registry_(registry), events_(events), settings_(settings), clock_(clock), timer_(executor) {}

  // Reads the whole registry: at start, and when the settings have changed.
  void rebuild();
  void on_event(const Event& event);
  void stop() { timer_.cancel(); }

 private:
  void follow(const Connection& connection);
  void forget(ConnectionId id);
  std::optional<Time> next_moment(const Connection& connection) const;
  bool is_over_too_early(const Connection& connection) const;
  void take_back(ConnectionId id);
  void arm();
  void tell_what_is_due();
  void tell(const Connection& connection);

  Registry& registry_;
  EventHub& events_;
  const Settings& settings_;
  const Clock& clock_;
  asio::steady_timer timer_;
  std::multimap<Time, ConnectionId> due_;
  std::unordered_map<ConnectionId, Time> moment_of_;
};

}  // namespace forgelink
