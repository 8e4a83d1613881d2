// SPDX-License-Identifier: MIT
#include "daemon/lend/lends.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>

#include "base/version.hpp"
#include "daemon/process/socket_folder.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;

constexpr Milliseconds grace_of_lend{500};

// `keep` holds the method table, which must outlive the server.
awaitable<> stop_server(std::shared_ptr<ipc::Server> server,
                        [[maybe_unused]] std::shared_ptr<const void> keep) {
  co_await server->stop(grace_of_lend);
  // Its clients notice in their own turns.
  while (server->clients() > 0) co_await sleep_for(Milliseconds(10));
  co_await sleep_for(grace_of_lend);  // so does what waited for new ones
}

}  // namespace

struct Lends::Running {
  explicit Running(const asio::any_io_executor& executor) : timer(executor) {}

  Lend lend;
  std::shared_ptr<LentConnections> lent = std::make_shared<LentConnections>();
  ipc::MethodTable table;
  std::shared_ptr<ipc::Server> server;
  const ipc::Server* server_for_status = nullptr;
  asio::steady_timer timer;
};

Lends::~Lends() = default;

boost::json::object Lends::detail_of(const Lend& lend) const {
  boost::json::array connections;
  for (const ConnectionId& id : lend.connections) connections.emplace_back(id.text());
  return {{"id", lend.id},
          {"connections", std::move(connections)},
          {"socket", lend.socket.string()},
          {"read_only", lend.read_only},
          {"expires_at", rfc3339(lend.expires_at)}};
}

Result<Lend> Lends::start(Wish wish) {
  if (wish.connections.empty()) return invalid("connections", "Name at least one connection.");
  if (wish.time < shortest || wish.time > longest)
    return invalid("for", "A connection is lent for at least a second and at most 30 days.");
  if (running_.size() >= most)
    return Error{.code = Errc::too_busy,
                 .message = fmt::format("{} sockets are lent already.", most),
                 .hint = "End some of them: forgelink unlend ID"};
  auto running = std::make_shared<Running>(executor_);
  Lend& lend = running->lend;
  lend.id = to_text(make_uuid());
  lend.id = lend.id.substr(lend.id.size() - 8);  // short enough to type
  lend.read_only = wish.read_only;
  lend.expires_at = clock_.now() + wish.time;
  lend.connections = std::move(wish.connections);
  if (wish.socket) {
    lend.socket = *wish.socket;
    std::error_code ignored;
    if (!lend.socket.is_absolute()) return invalid("socket", "The path of the socket must be absolute.");
    // Server::listen() would take the place of a socket that nobody listens on: somebody else's, here.
    if (fs::exists(fs::symlink_status(lend.socket, ignored)))
      return invalid("socket", "A file of that name exists already.", "Name a path where no file is.");
  } else {
    Result<fs::path> folder = socket_folder();
    if (!folder) return folder.error();
    if (!std::exchange(swept_, true)) sweep_sockets(*folder, "lend-");
    lend.socket = *folder / ("lend-" + lend.id);
  }
  running->lent->ids.insert(lend.connections.begin(), lend.connections.end());
  running->lent->agreed = std::move(wish.agreed);
  running->lent->read_only = lend.read_only;
  // The server needs the table, and daemon.status in the table needs the server: it is filled in below.
  running->table = make_(running->lent, running->server_for_status);
  running->server = std::make_shared<ipc::Server>(executor_, running->table,
                                                  ipc::Server::Options{.version = FORGELINK_VERSION});
  running->server_for_status = running->server.get();
  try {
    running->server->listen(lend.socket);
  } catch (const std::exception& error) {
    return invalid("socket", fmt::format("The socket cannot be made: {}.", error.what()));
  }
  running->timer.expires_after(wish.time);
  running->timer.async_wait([this, id = lend.id](const boost::system::error_code& stopped) {
    if (stopped) return;
    if (const Result<> ended = end(id, "its time is over"); !ended)
      spdlog::debug("{}", ended.error().message);
  });
  running_.emplace(lend.id, running);
  events_.publish({.kind = EventKind::lend_started, .detail = detail_of(lend)});
  return lend;
}

std::vector<Lend> Lends::list() const {
  std::vector<Lend> all;
  for (const auto& [id, running] : running_) all.push_back(running->lend);
  std::sort(all.begin(), all.end(), [](const Lend& a, const Lend& b) { return a.expires_at < b.expires_at; });
  return all;
}

Result<> Lends::end(const std::string& id, std::string_view why) {
  const auto found = running_.find(id);
  if (found == running_.end())
    return Error{.code = Errc::not_found,
                 .message = fmt::format("Nothing is lent as “{}”.", id),
                 .field = "lend",
                 .hint = "See what is: forgelink lends"};
  const std::shared_ptr<Running> running = found->second;
  running_.erase(found);
  running->timer.cancel();
  running->lent->ids.clear();  // what is under way gets nothing any more
  boost::json::object detail = detail_of(running->lend);
  detail["why"] = why;
  events_.publish({.kind = EventKind::lend_ended, .detail = std::move(detail)});
  spawn(executor_, stop_server(running->server, running));
  return {};
}

void Lends::end_all(std::string_view why) {
  for (const Lend& lend : list()) {
    if (const Result<> ended = end(lend.id, why); !ended) spdlog::debug("{}", ended.error().message);
  }
}

void Lends::on_event(const Event& event) {
  if (event.kind != EventKind::connection_removed || event.connection == nullptr) return;
  std::vector<std::string> empty;
  for (const auto& [id, running] : running_) {
    running->lent->ids.erase(event.connection->id);
    std::erase(running->lend.connections, event.connection->id);
    if (running->lent->ids.empty()) empty.push_back(id);
  }
  for (const std::string& id : empty) {
    if (const Result<> ended = end(id, "its connections were removed"); !ended)
      spdlog::debug("{}", ended.error().message);
  }
}

}  // namespace forgelink
