#include "daemon/events.hpp"

#include <boost/json/serialize.hpp>

namespace forgelink {

const std::vector<std::string_view>& event_kinds() {
  static const std::vector<std::string_view> kinds = {
      "connection.added", "connection.updated", "connection.removed", "token.verified",
      "token.expiring",   "token.expired",      "token.rejected",     "tokens.purged",
      "sign_in.started",  "sign_in.completed",  "sign_in.failed",     "secret_store.changed"};
  return kinds;
}

void EventHub::publish(const Event& event) {
  ++sequence_;
  for (const auto& listener : listeners_) listener(event);

  std::erase_if(subscribers_, [](const Subscriber& subscriber) { return subscriber.peer.expired(); });
  std::shared_ptr<const std::string> line;  // written once, however many want it
  for (const Subscriber& subscriber : subscribers_) {
    if (!subscriber.kinds.empty() && !subscriber.kinds.contains(event.kind)) continue;
    if (!line) {
      boost::json::object params{
          {"sequence", sequence_}, {"kind", event.kind}, {"at", rfc3339(clock_.now())}};
      if (event.connection != nullptr) params["connection"] = view_(*event.connection);
      if (event.sign_in) params["sign_in"] = *event.sign_in;
      if (!event.detail.empty()) params["detail"] = event.detail;
      const boost::json::object notification{
          {"jsonrpc", "2.0"}, {"method", "event"}, {"params", std::move(params)}};
      line = std::make_shared<const std::string>(boost::json::serialize(notification));
    }
    if (const auto peer = subscriber.peer.lock()) peer->notify(line);
  }
}

void EventHub::subscribe(const std::shared_ptr<ipc::Peer>& peer, std::set<std::string, std::less<>> kinds) {
  std::erase_if(subscribers_, [&](const Subscriber& subscriber) { return subscriber.peer.lock() == peer; });
  subscribers_.push_back({.peer = peer, .kinds = std::move(kinds)});
}

}  // namespace forgelink
