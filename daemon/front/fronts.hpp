// SPDX-License-Identifier: MIT
// The open fronts: created for a client, closed with it, and limited in number.
//
// On the loop; what is given must outlive it.
#pragma once

#include <map>

#include "daemon/front/front.hpp"

namespace forgelink {

class Fronts {
 public:
  static constexpr std::size_t most = 64;

  Fronts(asio::any_io_executor executor, Registry& registry, Gate& gate, http::BeastClient& client,
         const Settings& settings)
      : executor_(std::move(executor)), services_{registry, gate, client, settings} {}

  struct Opened {
    std::string id;
    std::shared_ptr<Front> front;
    FrontPlaces places;
  };

  // Ends when `peer` goes. Asks the person where the connection wants it, once for all that the front will
  // do. `too_busy` while too many are open.
  awaitable<Result<Opened>> open(ConnectionId connection, FrontRules rules, ipc::Peer& peer);

  Result<> close(const std::string& id);  // not_found

  void close_all();
  void on_event(const Event& event);

 private:
  asio::any_io_executor executor_;
  Front::Services services_;
  std::map<std::string, std::shared_ptr<Front>> open_;
  std::size_t opening_ = 0;
  bool swept_ = false;
};

}  // namespace forgelink
