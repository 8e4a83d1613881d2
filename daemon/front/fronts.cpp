// SPDX-License-Identifier: MIT
#include "daemon/front/fronts.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/process/socket_folder.hpp"

namespace forgelink {
namespace fs = std::filesystem;

awaitable<Result<Fronts::Opened>> Fronts::open(ConnectionId connection, FrontRules rules, ipc::Peer& peer) {
  const Error busy{.code = Errc::too_busy,
                   .message = fmt::format("{} fronts are open already, which is the limit.", most),
                   .hint = "End some of the commands that `forgelink run` runs."};
  if (open_.size() + opening_ >= most) co_return busy;
  const Asker asker = Asker::of(peer);
  const std::weak_ptr<ipc::Peer> opener = peer.weak_from_this();
  // Counted while the person is asked, so that pending questions do not get round the limit.
  ++opening_;
  const bool asked = services_.gate.asks(connection);
  AccessRequest access{.connection = connection, .action = AccessAction::run, .asker = asker};
  Result<> admitted = co_await services_.gate.admit(std::move(access));
  --opening_;
  if (!admitted) co_return admitted.error();
  const auto there = opener.lock();
  if (!there)
    co_return Error{.code = Errc::access_denied,
                    .message = "The client that asked for the front has disconnected."};

  Result<fs::path> folder = socket_folder();
  if (!folder) co_return folder.error();
  if (!std::exchange(swept_, true)) sweep_sockets(*folder, "front-");
  Opened opened{
      .id = to_text(make_uuid()),
      .front = std::make_shared<Front>(executor_, services_, connection, std::move(rules), asker, asked)};
  Result<> listens = opened.front->listen(*folder / ("front-" + opened.id.substr(opened.id.size() - 12)));
  if (!listens) co_return listens.error();
  Result<FrontPlaces> places = opened.front->places(nullptr);
  if (!places) {
    opened.front->close();
    co_return places.error();
  }
  opened.places = std::move(*places);
  open_.emplace(opened.id, opened.front);
  there->at_close([this, id = opened.id] {
    if (const Result<> ended = close(id); ended) spdlog::debug("a front has ended with its client");
  });
  co_return opened;
}

Result<> Fronts::close(const std::string& id) {
  const auto found = open_.find(id);
  if (found == open_.end())
    return Error{.code = Errc::not_found, .message = "There is no such front.", .field = "front"};
  const std::shared_ptr<Front> front = found->second;
  open_.erase(found);
  front->close();
  return {};
}

void Fronts::close_all() {
  for (const auto& [id, front] : std::exchange(open_, {})) front->close();
}

void Fronts::on_event(const Event& event) {
  if (event.kind != EventKind::connection_removed || event.connection == nullptr) return;
  std::vector<std::string> ended;
  for (const auto& [id, front] : open_) {
    if (front->connection() == event.connection->id) ended.push_back(id);
  }
  for (const std::string& id : ended) {
    if (const Result<> gone = close(id); !gone) spdlog::warn("{}", gone.error().message);
  }
}

}  // namespace forgelink
