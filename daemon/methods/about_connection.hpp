// SPDX-License-Identifier: MIT
// A method whose refusals say which connection they are about: `data.connection` is its name.
//
// The name is looked up before the call, so that a connection removed meanwhile is named as well. What names
// no connection that exists is refused without it.
#pragma once

#include "daemon/connections/connections.hpp"

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

  awaitable<Result<Reply>> call(Params params) const {
    const std::optional<std::string> asked = params.connection;  // some may leave it out
    const std::string named = connections.name_of(asked);
    Result<Reply> reply = co_await method.call(std::move(params));
    if (!reply) co_return about(reply.error(), named);
    co_return reply;
  }
};

}  // namespace forgelink
