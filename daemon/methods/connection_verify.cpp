// SPDX-License-Identifier: MIT
#include "daemon/methods/connection_verify.hpp"

namespace forgelink {

awaitable<Result<ConnectionReply>> ConnectionVerify::call(Params params, ipc::Peer& peer) const {
  Result<ConnectionId> id = connections.find(params.connection);
  if (!id) co_return id.error();
  AccessRequest request{.connection = *id, .action = AccessAction::verify, .asker = Asker::of(peer)};
  Result<> admitted = co_await gate.admit(request);
  if (!admitted) co_return admitted.error();
  Result<> verified = co_await connections.verify(*id, Prompt::allowed);
  gate.note(request, outcome_of(verified ? std::nullopt : std::optional(verified.error())));
  if (!verified) co_return verified.error();
  co_return viewer.reply(*id);
}

}  // namespace forgelink
