// SPDX-License-Identifier: MIT
// [tokens] renew = "auto": renews personal tokens that can renew themselves before their end.
//
// One timer for the earliest of them, none without. A token whose renewal failed is tried again an hour
// later, one that the forge will not renew a day later, one that the keyring did not give as soon as it does.
// Nobody is asked to unlock anything. A token without the scope is left alone, which the log says once.
// Copies of a renewed token elsewhere stop working, which is why the setting is "never" by default. On the
// loop; follows the registry by events.
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
  void stop() {
    stopping_ = true;
    timer_.cancel();
  }

 private:
  struct Waits {
    std::optional<ItemId> item;  // of the token that failed; another one does not wait
    Time until;
    bool for_the_store = false;  // or until the keyring gives its items again
  };

  // A valid personal token with an end, of a forge that rotates tokens.
  bool is_candidate(const Connection& connection) const;
  // When the connection's token is to be renewed; nothing for one that is not.
  std::optional<Time> moment_of(const Connection& connection) const;
  bool is_due(ConnectionId id) const;
  void tell_if_it_cannot(const Connection& connection);
  void look();
  awaitable<> renew_all(std::vector<ConnectionId> due);
  void settle(ConnectionId id, const Result<>& renewed);

  asio::any_io_executor executor_;
  Registry& registry_;
  TokenRenewer& renewer_;
  const Settings& settings_;
  const Clock& clock_;
  asio::steady_timer timer_;
  std::unordered_map<ConnectionId, Waits> not_before_;            // after a failure
  std::unordered_map<ConnectionId, std::optional<ItemId>> told_;  // that cannot renew themselves
  bool busy_ = false, stopping_ = false;
};

}  // namespace forgelink
