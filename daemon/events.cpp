#include "daemon/events.hpp"

#include "ipc/fields.hpp"

namespace forgelink {
namespace {

// The params of an `event` notification (design section 14).
struct EventView {
  std::int64_t sequence = 0;
  std::string kind;
  Time at{};
  std::optional<ConnectionView> connection;
  std::optional<std::string> sign_in;
  std::optional<boost::json::object> detail;

  void fields(auto& f) {
    f.required("sequence", sequence, "Rises by one with each event.");
    f.required("kind", kind, "What happened.");
    f.required("at", at, "When.");
    f.absent("connection", connection, "The connection it happened to, as it is after it.");
    f.absent("sign_in", sign_in, "The sign-in it happened to.");
    f.absent("detail", detail, "More, of this kind only.");
  }
};

}  // namespace

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
    if (!line) line = std::make_shared<const std::string>(line_of(event));
    if (const auto peer = subscriber.peer.lock()) peer->notify(line);
  }
}

std::string EventHub::line_of(const Event& event) const {
  EventView view{.sequence = static_cast<std::int64_t>(sequence_),
                 .kind = std::string(event.kind),
                 .at = clock_.now(),
                 .sign_in = event.sign_in};
  if (event.connection != nullptr) view.connection = view_(*event.connection);
  if (!event.detail.empty()) view.detail = event.detail;
  std::string line = R"({"jsonrpc":"2.0","method":"event","params":)";
  ipc::encode(view, line);
  line += '}';
  return line;
}

void EventHub::subscribe(const std::shared_ptr<ipc::Peer>& peer, std::set<std::string, std::less<>> kinds) {
  std::erase_if(subscribers_, [&](const Subscriber& subscriber) { return subscriber.peer.lock() == peer; });
  subscribers_.push_back({.peer = peer, .kinds = std::move(kinds)});
}

}  // namespace forgelink
