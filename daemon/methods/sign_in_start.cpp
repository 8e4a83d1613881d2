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
    SignInStart::Add& add = *params.add;
    Connection draft;
    draft.name = std::move(add.name);
    draft.type = add.type.value_or(std::string(default_sign_in_provider().id));
    draft.username = std::move(add.username);
    draft.email = std::move(add.email);
    draft.server_url = std::move(add.server_url);
    draft.organization = std::move(add.organization);
    draft.allow_http = add.allow_http.value_or(false);
    draft.retention = settings.retention;
    if (add.retention) {
      Result<Retention> retention = parse_retention(*add.retention);
      if (!retention) co_return invalid("add.retention", retention.error().message);
      draft.retention = *retention;
    }
    if (add.access) {
      Result<Access> access = parse_access(*add.access, *settings.policy);
      if (!access) {
        Error error = access.error();
        if (error.code == Errc::invalid_params) error.field = "add.access";
        co_return error;
      }
      draft.access = *access;
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
                  .verification_uri_complete = std::move(started->verification_uri_complete),
                  .user_code = std::move(started->user_code),
                  .caution = std::move(started->caution),
                  .interval = started->interval};
}

}  // namespace forgelink
