// SPDX-License-Identifier: MIT
#include "daemon/methods/lend_start.hpp"

#include <charconv>

namespace forgelink {
namespace {

// "90s", "30min", "8h", "2d"
std::optional<std::chrono::seconds> time_of(std::string_view text) {
  std::int64_t count = 0;
  const char* const last = text.data() + text.size();
  const auto [end, failed] = std::from_chars(text.data(), last, count);
  const std::string_view unit(end, static_cast<std::size_t>(last - end));
  if (failed != std::errc() || count < 1 || count > 100'000) return std::nullopt;
  if (unit == "s") return std::chrono::seconds(count);
  if (unit == "min" || unit == "m") return std::chrono::minutes(count);
  if (unit == "h") return std::chrono::hours(count);
  if (unit == "d") return std::chrono::hours(24 * count);
  return std::nullopt;
}

}  // namespace

protocol::LendView view_of_lend(const Lend& lend) {
  protocol::LendView view{.id = lend.id,
                          .socket = lend.socket.string(),
                          .read_only = lend.read_only,
                          .expires_at = lend.expires_at};
  for (const ConnectionId& id : lend.connections) view.connections.push_back(id.text());
  return view;
}

awaitable<Result<LendStart::Reply>> LendStart::call(Params params, ipc::Peer& peer) const {
  Lends::Wish wish{.read_only = params.read_only};
  if (params.time) {
    const auto time = time_of(*params.time);
    if (!time) co_return invalid("for", "`for` is a time with its unit, as 30min, 8h or 2d.");
    wish.time = *time;
  }
  if (params.socket) wish.socket = params.socket->value;
  for (const std::string& wanted : params.connections) {
    Result<ConnectionId> id = connections.find(wanted);
    if (!id) {
      Error error = id.error();
      error.field = "connections";
      co_return error;
    }
    if (std::find(wish.connections.begin(), wish.connections.end(), *id) == wish.connections.end())
      wish.connections.push_back(*id);
  }
  // The yes to a lend is the yes to what is done with it. Where nobody was asked, a connection that is to be
  // asked about later on is asked about at each use.
  for (const ConnectionId& id : wish.connections) {
    if (gate.asks(id)) wish.agreed.insert(id);
    AccessRequest request{.connection = id, .action = AccessAction::lend, .asker = Asker::of(peer)};
    Result<> admitted = co_await gate.admit(std::move(request));
    if (!admitted) co_return admitted.error();
  }
  Result<Lend> lend = lends.start(std::move(wish));
  if (!lend) co_return lend.error();
  co_return Reply{.lend = view_of_lend(*lend)};
}

}  // namespace forgelink
