// SPDX-License-Identifier: MIT
#include "daemon/methods/lent_methods.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/version.hpp"
#include "daemon/methods/secret_store_view.hpp"
#include "daemon/services.hpp"

namespace forgelink {
namespace {

Result<> check_lent(const Connections& connections, const LentConnections& lent, const std::string& name) {
  const Result<ConnectionId> id = connections.find(name);
  if (id && lent.ids.contains(*id)) return {};
  return Error{.code = Errc::not_found,
               .message = fmt::format("There is no connection “{}”.", name),
               .field = "connection"};
}

}  // namespace

awaitable<Result<CredentialGet::Reply>> LentCredentialGet::call(Params params, ipc::Peer& peer) const {
  Result<GitCredential> asked = checked(std::move(params));
  if (!asked) co_return asked.error();
  if (lent->read_only) {
    co_return Reply{.message =
                        "This socket was lent for reading, and git cannot tell a fetch from a push "
                        "beforehand: it gives git no token."};
  }
  asked->asker = Asker::of(peer);
  asked->only = lent->ids;
  asked->agreed = lent->agreed;
  GitAnswer answer = co_await credentials.get(std::move(*asked));
  co_return reply_with(std::move(answer));
}

awaitable<Result<RepositoryList::Reply>> LentRepositoryList::call(Params params, ipc::Peer& peer) const {
  Result<> known = check_lent(method.connections, *lent, params.connection);
  if (!known) co_return known.error();
  Result<Reply> reply = co_await method.call(std::move(params), peer);
  co_return reply;
}

awaitable<Result<CommitList::Reply>> LentCommitList::call(Params params, ipc::Peer& peer) const {
  Result<> known = check_lent(method.connections, *lent, params.connection);
  if (!known) co_return known.error();
  Result<Reply> reply = co_await method.call(std::move(params), peer);
  co_return reply;
}

Result<LentDaemonStatus::Reply> LentDaemonStatus::call(Params) const {
  const Services& s = services;
  return Reply{.version = FORGELINK_VERSION,
               .pid = getpid(),
               .started_at = s.started_at,
               .uptime = (s.clock.now() - s.started_at).count(),
               .connections = static_cast<std::int64_t>(lent->ids.size()),
               .clients = static_cast<std::int64_t>(server->clients()),
               .locked = s.lock.locked(),
               .retention = std::string(name_of(s.settings.retention)),
               .secret_store = view_of(s.vault)};
}

}  // namespace forgelink
