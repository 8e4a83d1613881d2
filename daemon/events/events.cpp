// SPDX-License-Identifier: MIT
#include "daemon/events/events.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "ipc/fields.hpp"
#include "ipc/protocol/event_view.hpp"

namespace forgelink {
void EventHub::publish(const Event& event) {
  waiting_.push_back(event);
  // A listener of the event before published this one: the call that delivers comes to it.
  if (waiting_.size() > 1) return;
  while (!waiting_.empty()) {
    deliver(waiting_.front());
    waiting_.pop_front();
  }
}

void EventHub::deliver(const Event& event) {
  ++sequence_;
  for (const auto& listener : listeners_) listener(event);

  std::erase_if(subscribers_, [](const Subscriber& subscriber) { return subscriber.peer.expired(); });
  std::shared_ptr<const std::string> line;  // written once, however many want it
  for (const Subscriber& subscriber : subscribers_) {
    if (!subscriber.kinds.empty() && !subscriber.kinds.contains(event.kind)) continue;
    if (!line) line = std::make_shared<const std::string>(line_of(event));
    if (const auto peer = subscriber.peer.lock()) peer->notify(line);
  }
}

bool EventHub::is_heard(EventKind kind) const {
  return std::any_of(subscribers_.begin(), subscribers_.end(), [&](const Subscriber& subscriber) {
    return !subscriber.peer.expired() && (subscriber.kinds.empty() || subscriber.kinds.contains(kind));
  });
}

void EventHub::tell(const std::shared_ptr<ipc::Peer>& peer, const Event& event) {
  const bool subscribed = std::any_of(subscribers_.begin(), subscribers_.end(), [&](const Subscriber& one) {
    return one.peer.lock() == peer && (one.kinds.empty() || one.kinds.contains(event.kind));
  });
  if (!subscribed) peer->notify(std::make_shared<const std::string>(line_of(event)));
}

std::string EventHub::line_of(const Event& event) const {
  protocol::EventView view{.sequence = static_cast<std::int64_t>(sequence_),
                           .kind = std::string(name_of(event.kind)),
                           .at = clock_.now(),
                           .sign_in = event.sign_in};
  if (event.connection != nullptr) view.connection = view_(*event.connection);
  if (!event.detail.empty()) view.detail = event.detail;
  std::string line = R"({"jsonrpc":"2.0","method":"event","params":)";
  ipc::encode(view, line);
  line += '}';
  return with_utf8_mended(std::move(line));
}

void EventHub::subscribe(const std::shared_ptr<ipc::Peer>& peer, std::set<EventKind> kinds) {
  std::erase_if(subscribers_, [&](const Subscriber& subscriber) { return subscriber.peer.lock() == peer; });
  subscribers_.push_back({.peer = peer, .kinds = std::move(kinds)});
}

}  // namespace forgelink
