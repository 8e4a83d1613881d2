// SPDX-License-Identifier: MIT
#include "daemon/methods/token_purge.hpp"

#include <fmt/format.h>

namespace forgelink {

awaitable<Result<TokenPurge::Reply>> TokenPurge::call(Params params) const {
  std::vector<ConnectionId> ids;
  // Who names one does not mean them all.
  if (params.connection && params.scope != "connection")
    co_return invalid("connection", "`connection` goes with the scope connection alone.");
  if (params.scope == "connection") {
    if (!params.connection)
      co_return invalid("connection", "`connection` is missing: name the one whose token is purged.");
    Result<ConnectionId> id = connections.find(*params.connection);
    if (!id) co_return id.error();
    ids.push_back(*id);
  } else if (params.scope == "session" || params.scope == "all") {
    const bool all = params.scope == "all";
    registry.for_each([&](const Connection& connection) {
      if (all || connection.retention == Retention::session) ids.push_back(connection.id);
    });
  } else {
    co_return invalid("scope", "`scope` is session, all or connection.");
  }

  const bool session = params.scope == "session";
  const auto if_unwritable = session ? Tokens::IfUnwritable::purge : Tokens::IfUnwritable::keep;
  Tokens::Purged purged = co_await tokens.purge(std::move(ids), params.scope, if_unwritable);
  if (params.scope == "all") {
    Result<> forgotten = co_await stored_credentials.forget_all();
    if (!forgotten) purged.failed = forgotten.error();
  }
  // At the end of a session nobody reads an error; the next start purges those rows again.
  if (purged.failed && !session) {
    purged.failed->hint =
        fmt::format("Tokens purged: {}; fix that and try again for the others.", purged.ids.size());
    co_return *std::move(purged.failed);
  }
  Reply reply;
  for (const ConnectionId& id : purged.ids) reply.purged.push_back(id.text());
  co_return reply;
}

}  // namespace forgelink
