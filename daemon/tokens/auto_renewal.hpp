// SPDX-License-Identifier: MIT
// [tokens] renew = "auto": renews personal tokens that can renew themselves before their end.
//
// One timer for the earliest of them, none without. A token whose renewal failed is tried again an hour
// later. Copies of a renewed token elsewhere stop working, which is why the setting is "never" by default. On
// the loop; follows the registry by events.
#pragma once

#include <unordered_map>

#include "daemon/tokens/token_renewer.hpp"

namespace forgelink {

class AutoRenewal {
 public:
  AutoRenewal(asio::any_io_executor executor, Registry& registry, TokenRenewer& renewer,
              const Settings& settings, const Clock& clock)
      : executor_(executor),
        registry_(registry),
        renewer_(renewer),
        settings_(settings),
        clock_(clock),
        timer_(executor) {}

  // Looks at all connections: at start, and when the settings have changed.
  void rebuild() { look(); }
  void on_event(const Event& event);
  void stop() { timer_.cancel(); }

 private:
  // When the connection's token is to be renewed; nothing for one that is not.
  std::optional<Time> moment_of(const Connection& connection) const;
  void look();
  awaitable<> renew_all(std::vector<ConnectionId> due);

  asio::any_io_executor executor_;
  Registry& registry_;
  TokenRenewer& renewer_;
  const Settings& settings_;
  const Clock& clock_;
  asio::steady_timer timer_;
  std::unordered_map<ConnectionId, Time> not_before_;  // after a failure
  bool busy_ = false;
};

}  // namespace forgelink
