// SPDX-License-Identifier: MIT
// Handles `connection.add`. On the event loop; what it refers to must outlive it.
#pragma once

#include "base/async.hpp"
#include "daemon/connections/connections.hpp"
#include "daemon/methods/connection_reply.hpp"
#include "ipc/protocol/connection_add.hpp"

namespace forgelink {

struct ConnectionAdd : protocol::ConnectionAdd {
  Connections& connections;
  const Settings& settings;
  Viewer viewer;

  awaitable<Result<Reply>> call(Params params) const;
};

// The words of the protocol; `invalid_params` names what there is.
Result<Retention> parse_retention(const std::string& word);
// `policy_forbids` for allow where the policy requires ask.
Result<Access> parse_access(const std::string& word, const Policy& policy);
// The type decides whether its former word is taken.
Result<SignIn> parse_sign_in(const std::string& word, std::string_view type);

// The error of a request that brought a token: names the field `token` if it is the token that is refused.
Error about_token(Error error);

}  // namespace forgelink
