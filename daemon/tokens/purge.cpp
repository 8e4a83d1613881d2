// SPDX-License-Identifier: MIT
// Taking tokens away: on request, at the end of a session, or because locked memory ended with a process.
#include <spdlog/spdlog.h>

#include "daemon/tokens/tokens.hpp"

namespace forgelink {

awaitable<Tokens::Purged> Tokens::purge(std::vector<ConnectionId> ids, std::string_view why,
                                        IfUnwritable if_unwritable) {
  Purged done;
  std::vector<SecretVault::Kept> items;
  // All rows before the first wait: while the keyring is slow, none of these tokens is handed out any more.
  for (const ConnectionId& id : ids) {
    const Connection* now = registry_.find(id);
    if (now == nullptr || !now->token.item) continue;
    Connection row = *now;
    const SecretVault::Kept kept{.store = row.token.store, .item = *row.token.item};
    clear_token(row);
    row.updated_at = clock_.now();
    Result<> written = registry_.update(row);
    if (!written) {
      spdlog::error("the purge of \"{}\" could not be written: {}", row.name, written.error().message);
      done.failed = written.error();
      if (if_unwritable == IfUnwritable::keep) continue;
    }
    items.push_back(kept);
    done.ids.push_back(id);
  }
  if (!done.ids.empty()) publish_purge(done.ids, why);
  // Nobody is there to answer at the end of a session.
  const Prompt prompt = if_unwritable == IfUnwritable::keep ? Prompt::allowed : Prompt::never;
  for (const SecretVault::Kept& kept : items) co_await vault_.erase(kept.store, kept.item, prompt);
  co_return done;
}

void Tokens::publish_purge(const std::vector<ConnectionId>& purged, std::string_view why) {
  boost::json::array names, ids;
  for (const ConnectionId& id : purged) {
    ids.emplace_back(id.text());
    if (const Connection* now = registry_.find(id)) names.emplace_back(now->name);
  }
  events_.publish({.kind = EventKind::tokens_purged,
                   .detail = {{"purged", std::move(ids)}, {"names", std::move(names)}, {"why", why}}});
}

void Tokens::forget_lost_memory() {
  // Collected first: an update ends what for_each() hands out.
  std::vector<Connection> lost;
  registry_.for_each([&](const Connection& connection) {
    if (connection.token.store == Store::memory && connection.token.item &&
        !vault_.has_in_memory(*connection.token.item)) {
      lost.push_back(connection);
    }
  });
  for (Connection& row : lost) {
    clear_token(row);
    if (Result<> written = registry_.update(row); !written) spdlog::error("{}", written.error().message);
  }
}

}  // namespace forgelink
