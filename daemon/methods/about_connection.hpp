// SPDX-License-Identifier: MIT
// A method whose refusals say which connection they are about: `data.connection` is its name.
//
// The name is looked up before the call, so that a connection removed meanwhile is named as well. What names
// no connection that exists is refused without it.
#pragma once

#include "daemon/connections/connections.hpp"
#include "ipc/peer.hpp"

namespace forgelink {

// Puts the name in, unless it is empty.
Error about(Error error, const std::string& connection);

template <class Method>
struct AboutConnection {
  static constexpr std::string_view name = Method::name;
  static constexpr std::string_view summary = Method::summary;
  using Params = typename Method::Params;
  using Reply = typename Method::Reply;

  Method method;
  const Connections& connections;

  awaitable<Result<Reply>> call(Params params, ipc::Peer& peer) const {
    const std::optional<std::string> asked = params.connection;  // some may leave it out
    const std::string named = connections.name_of(asked);
    awaitable<Result<Reply>> coming = start(std::move(params), peer);
    Result<Reply> reply = co_await std::move(coming);
    if (!reply) co_return about(reply.error(), named);
    co_return reply;
  }

 private:
  // Most methods do not ask who asks.
  awaitable<Result<Reply>> start(Params params, ipc::Peer& peer) const {
    if constexpr (requires { method.call(std::move(params), peer); }) {
      return method.call(std::move(params), peer);
    } else {
      return method.call(std::move(params));
    }
  }
};

}  // namespace forgelink
