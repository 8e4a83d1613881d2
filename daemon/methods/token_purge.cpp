#include "daemon/methods/token_purge.hpp"

namespace forgelink {

awaitable<Result<TokenPurge::Reply>> TokenPurge::call(Params params) const {
  std::vector<ConnectionId> ids;
  if (params.scope == "connection") {
    if (!params.connection)
      co_return invalid("connection", "`connection` is missing: which one is to lose its token?");
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

  std::vector<ConnectionId> purged = co_await tokens.purge(std::move(ids), params.scope);
  if (params.scope == "all") co_await remembered.forget_all();
  Reply reply;
  for (const ConnectionId& id : purged) reply.purged.push_back(id.text());
  co_return reply;
}

}  // namespace forgelink
