// SPDX-License-Identifier: MIT
#include "daemon/methods/sign_in_start.hpp"

#include "daemon/methods/connection_add.hpp"

namespace forgelink {

awaitable<Result<SignInStart::Reply>> SignInStart::call(Params params) const {
  SignIns::Wanted wanted{.accept_account_change = params.accept_account_change};
  if (params.method == "device") {
    wanted.method = SignIns::Method::device;
  } else if (params.method != "browser") {
    co_return invalid("method", "`method` is browser or device.");
  }
  if (params.connection.has_value() == params.add.has_value()) {
    co_return invalid("connection", "Name either an existing `connection` or one to `add`.");
  }
  if (params.connection) {
    Result<ConnectionId> id = connections.find(*params.connection);
    if (!id) co_return id.error();
    wanted.connection = *id;
  } else {
    Connection draft;
    draft.name = std::move(params.add->name);
    draft.type = params.add->type.value_or(std::string(default_sign_in_provider().id));
    draft.username = std::move(params.add->username);
    draft.retention = settings.retention;
    if (params.add->retention) {
      Result<Retention> retention = parse_retention(*params.add->retention);
      if (!retention) co_return invalid("add.retention", retention.error().message);
      draft.retention = *retention;
    }
    wanted.draft = std::move(draft);
  }
  Result<SignIns::Started> started = co_await sign_ins.start(std::move(wanted));
  if (!started) co_return started.error();
  co_return Reply{.sign_in = started->id,
                  .method = started->method == SignIns::Method::browser ? "browser" : "device",
                  .expires_at = started->expires_at,
                  .authorize_url = std::move(started->authorize_url),
                  .redirect_uri = std::move(started->redirect_uri),
                  .verification_uri = std::move(started->verification_uri),
                  .user_code = std::move(started->user_code),
                  .interval = started->interval};
}

}  // namespace forgelink
