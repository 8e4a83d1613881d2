// SPDX-License-Identifier: MIT
#include "daemon/methods/credential_get.hpp"

namespace forgelink {

CredentialGet::Reply reply_with(GitAnswer answer) {
  CredentialGet::Reply reply{.username = std::move(answer.username), .authtype = std::move(answer.authtype)};
  if (answer.password) reply.password = ipc::HandedOut{.secret = answer.password->duplicate()};
  if (answer.credential) {
    reply.credential = ipc::HandedOut{.secret = answer.credential->duplicate()};
    if (answer.connection) reply.ephemeral = true;
  }
  if (answer.refresh_token)
    reply.oauth_refresh_token = ipc::HandedOut{.secret = std::move(*answer.refresh_token)};
  if (answer.password_expiry) reply.password_expiry_utc = answer.password_expiry->time_since_epoch().count();
  if (answer.connection) reply.connection = answer.connection->text();
  if (answer.quit) reply.quit = true;
  if (!answer.message.empty()) reply.message = std::move(answer.message);
  return reply;
}

awaitable<Result<CredentialGet::Reply>> CredentialGet::call(Params params, ipc::Peer& peer) const {
  const std::string version = params.client_version ? params.client_version->value : "";
  Result<GitCredential> asked = checked(std::move(params));
  if (!asked) co_return asked.error();
  asked->asker = Asker::of(peer);
  GitAnswer answer = co_await credentials.get(std::move(*asked));
  Reply reply = reply_with(std::move(answer));
  reply.notice = versions.about(version);
  co_return reply;
}

}  // namespace forgelink
