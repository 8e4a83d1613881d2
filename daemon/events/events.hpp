// SPDX-License-Identifier: MIT
// Publishes events to subscribed clients and to services of the daemon (notifications).
//
// On the loop only. Sequence numbers rise by one with each event, whoever gets it.
#pragma once

#include <boost/json/object.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "daemon/model/connection_view.hpp"
#include "ipc/peer.hpp"
#include "ipc/protocol/event_kind.hpp"

namespace forgelink {

using protocol::EventKind;

struct Event {
  EventKind kind{};
  const Connection* connection = nullptr;  // as it is after the event (before it, for connection.removed)
  std::optional<std::string> sign_in = {};
  boost::json::object detail = {};
};

class EventHub {
 public:
  // How a connection is shown to clients.
  using View = std::function<ConnectionView(const Connection&)>;

  EventHub(const Clock& clock, View view) : clock_(clock), view_(std::move(view)) {}

  // What a listener publishes meanwhile comes after this one, so that everybody sees one order.
  void publish(const Event& event);

  // Is anybody subscribed to it? For events that come often and take work to write.
  bool is_heard(EventKind kind) const;

  // Sends it to one peer that is not subscribed to it: what it waits for. It takes no number of its own.
  void tell(const std::shared_ptr<ipc::Peer>& peer, const Event& event);

  // Sends events of those kinds (all, if none) to the peer until it goes. A second call of a peer replaces
  // its first.
  void subscribe(const std::shared_ptr<ipc::Peer>& peer, std::set<EventKind> kinds);

  // Called with every event; for the daemon's own parts, which live as long as the hub.
  void listen(std::function<void(const Event&)> listener) { listeners_.push_back(std::move(listener)); }

  std::uint64_t sequence() const { return sequence_; }

 private:
  struct Subscriber {
    std::weak_ptr<ipc::Peer> peer;
    std::set<EventKind> kinds;
  };

  void deliver(const Event& event);
  // The notification, without a newline.
  std::string line_of(const Event& event) const;

  const Clock& clock_;
  View view_;
  std::uint64_t sequence_ = 0;
  std::deque<Event> waiting_;  // the first one is being delivered
  std::vector<Subscriber> subscribers_;
  std::vector<std::function<void(const Event&)>> listeners_;
};

}  // namespace forgelink
