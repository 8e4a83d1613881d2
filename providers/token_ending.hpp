// SPDX-License-Identifier: MIT
// How a forge revokes and rotates a token: functions of a Provider. They
// run on the event loop and ask through the client they are given, which must outlive them.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace forgelink {

struct Target;
namespace http {
class Client;
}

struct Revocation {
  // Ends the target's token, and `refresh` with it if there is one. False: the forge has no way to end a
  // token of this kind. A token that is dead already counts as ended.
  awaitable<Result<bool>> (*revoke)(http::Client& client, Target target, SharedSecret refresh) = nullptr;

  // The page where the user can revoke it. Null: the page where tokens are made.
  std::string (*page)(const Target& target) = nullptr;

  // What a person should know before; "" if there is nothing.
  std::string_view caution = {};
};

struct RotatedToken {
  Secret token;
  std::optional<Time> expires_at;
};

// Trading a personal token for a new one. The old one is dead as soon as the forge has answered, so the steps
// are apart: between `plan` and `rotate` the caller writes down that it has begun.
struct Rotation {
  // Whether the token may be rotated, and the day on which the new one shall end: `wanted`, else as long
  // after `now` as the old one's whole life, at most a year. Sends nothing that changes anything. Errors:
  // token_rejected, scope_missing, invalid_params on `expires_at`, and the network's.
  awaitable<Result<Time>> (*plan)(http::Client& client, Target target, std::optional<Time> wanted, Time now);

  // REQUIRES: never called with a token that may have been rotated before: the forge takes that for theft,
  // and ends the new token as well.
  awaitable<Result<RotatedToken>> (*rotate)(http::Client& client, Target target, Time expires_at);

  // Is the token dead? For after a rotation whose answer was lost. Errors where that cannot be told now.
  awaitable<Result<bool>> (*is_dead)(http::Client& client, Target target);

  // Without one of these a token cannot rotate itself.
  std::span<const std::string_view> scopes;
};

}  // namespace forgelink
