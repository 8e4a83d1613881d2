// SPDX-License-Identifier: MIT
#include "daemon/tokens/tokens.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/shell_word.hpp"
#include "daemon/model/connection_view.hpp"
#include "providers/provider.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;

constexpr RetryTimer::Delays between_moves{.first = 1s, .longest = 5min};

std::string label_of(const Connection& connection) {
  const Provider* provider = find_provider(connection.type);
  return fmt::format("Forgelink: {} ({})", connection.name,
                     provider != nullptr ? provider->label : connection.type);
}

}  // namespace

void clear_token(Connection& connection) {
  connection.token = TokenMetadata{};
  connection.hint.reset();
}

Error token_trouble(const Connection& connection, Time now) {
  const std::string edit =
      fmt::format("Edit the connection and configure it again: forgelink edit {}{}", quoted(connection.name),
                  connection.sign_in == SignIn::oauth ? " --sign-in" : "");
  switch (state_of(connection, now)) {
    case TokenState::expired:
      return {.code = Errc::token_expired,
              .message = fmt::format(
                  "The token of “{}” expired on {}.", connection.name,
                  connection.token.expires_at ? rfc3339(*connection.token.expires_at) : "an unknown day"),
              .hint = edit};
    case TokenState::rejected:
      return {.code = Errc::token_rejected,
              .message = fmt::format("The forge refused the token of “{}”.", connection.name),
              .hint = edit};
    case TokenState::missing:
    case TokenState::unverified:
    case TokenState::valid:
      break;
  }
  return {.code = Errc::token_missing,
          .message = fmt::format("“{}” has no token.", connection.name),
          .hint = edit};
}

Tokens::Tokens(asio::any_io_executor executor, Registry& registry, SecretVault& vault, EventHub& events,
               ConnectionLocks& locks, const Clock& clock)
    : registry_(registry),
      vault_(vault),
      events_(events),
      locks_(locks),
      clock_(clock),
      renewal_(executor, registry, vault, events, locks, clock, *this),
      move_held_(
          executor, [this] { return move_held(); }, between_moves) {}

awaitable<Result<>> Tokens::put(Connection row, std::optional<Connection> before, SharedSecret secret,
                                Prompt prompt, IfStoreFails if_store_fails) {
  std::string label = label_of(row);
  std::string id = row.id.text();
  Result<SecretVault::Kept> kept = co_await vault_.keep(std::move(id), std::move(label), row.retention,
                                                        std::move(secret), prompt, if_store_fails);
  if (!kept) co_return kept.error();

  row.token.store = kept->store;
  row.token.item = kept->item;
  row.token.stored_at = clock_.now();
  row.token.notices_given.clear();
  row.updated_at = clock_.now();
  Result<> written = before ? registry_.compare_and_swap(*before, row) : registry_.insert(row);
  if (!written) {
    co_await vault_.erase(kept->store, kept->item);
    co_return written.error();
  }
  vault_.settled(kept->item);
  if (vault_.is_held(kept->item)) move_held_.start();
  // Last: until the row is written, the old item is the only token.
  if (before && before->token.item) co_await vault_.erase(before->token.store, *before->token.item, prompt);
  co_return Result<>();
}

Result<const Connection*> Tokens::find(ConnectionId id) const {
  if (const Connection* found = registry_.find(id)) return found;
  return connection_gone();
}

awaitable<Result<SharedSecret>> Tokens::stored(ConnectionId id, Prompt prompt) {
  // Another round only if the token was replaced during the last one.
  for (int round = 0; round < 8; ++round) {
    Result<const Connection*> found = find(id);
    if (!found) co_return found.error();
    if (const Renewal::Held* newer = renewal_.held(**found)) {
      // It is not in the vault, which would refuse it by itself.
      if (vault_.locked()) co_return vault_locked();
      co_return newer->stored;
    }
    const TokenMetadata token = (*found)->token;
    if (!token.item) co_return token_trouble(**found, clock_.now());
    const bool was_unreachable = vault_.is_unreachable(token);
    Result<SharedSecret> secret = co_await vault_.read(token.store, *token.item, prompt);

    const Connection* now = registry_.find(id);
    if (now == nullptr) co_return connection_gone();
    if (now->token.item != token.item) continue;
    // Reading has shown whether this is the token's keyring, and clients see that in its state.
    if (vault_.is_unreachable(token) != was_unreachable)
      events_.publish({.kind = EventKind::connection_updated, .connection = now});
    if (secret || secret.error().code != Errc::not_found) co_return secret;
    // The store is ours and has it no more: somebody took it out, or it ended with the session.
    Connection row = *now;
    clear_token(row);
    if (registry_.compare_and_swap(*now, row))
      events_.publish({.kind = EventKind::connection_updated, .connection = registry_.find(id)});
    co_return token_trouble(row, clock_.now());
  }
  co_return Error{.code = Errc::too_busy, .message = "The token keeps changing; try again."};
}

awaitable<Result<SharedSecret>> Tokens::usable(ConnectionId id, Prompt prompt) {
  Result<const Connection*> found = find(id);
  if (!found) co_return found.error();
  const TokenState state = state_of(**found, clock_.now());
  if (state != TokenState::valid && state != TokenState::unverified)
    co_return token_trouble(**found, clock_.now());
  if (renewal_.is_due(**found)) {
    Result<SharedSecret> renewed = co_await renewal_.run(id, prompt);
    co_return renewed;
  }
  Result<SharedSecret> secret = co_await stored(id, prompt);
  if (!secret) co_return secret;
  const Connection* now = registry_.find(id);
  if (now == nullptr) co_return connection_gone();
  // Another call may have had it refused while this one waited.
  if (now->token.state == TokenState::rejected) co_return token_trouble(*now, clock_.now());
  co_return access_of(std::move(*secret));
}

void Tokens::write_state(Connection row, TokenState state, EventKind event) {
  row.token.state = state;
  row.updated_at = clock_.now();
  const ConnectionId id = row.id;
  // Nothing was awaited since the row was read, so there is nothing to compare.
  Result<> written = registry_.update(row);
  if (!written) {
    spdlog::error("the state of \"{}\" could not be written: {}", row.name, written.error().message);
    return;
  }
  events_.publish({.kind = event, .connection = registry_.find(id)});
}

void Tokens::refused(ConnectionId id, ItemId item) {
  const Connection* now = registry_.find(id);
  if (now == nullptr || now->token.item != item || now->token.state == TokenState::rejected) return;
  write_state(*now, TokenState::rejected, EventKind::token_rejected);
}

void Tokens::accepted(ConnectionId id, ItemId item) {
  const Connection* now = registry_.find(id);
  if (now == nullptr || now->token.item != item || now->token.state != TokenState::unverified) return;
  write_state(*now, TokenState::valid, EventKind::token_verified);
}

void Tokens::store_changed() { move_held_.start_now(); }

// Moves what is held in locked memory to the store that should have it. True once nothing is left.
awaitable<bool> Tokens::move_held() {
  std::vector<ConnectionId> ids;
  registry_.for_each([&](const Connection& connection) {
    if (connection.token.store == Store::memory && vault_.is_held(*connection.token.item))
      ids.push_back(connection.id);
  });
  bool all = true;
  for (const ConnectionId& id : ids) {
    ConnectionLocks::Lock lock = co_await locks_.lock(id);
    const Connection* found = registry_.find(id);
    if (found == nullptr || !found->token.item || !vault_.is_held(*found->token.item)) continue;
    const Connection before = *found;
    Result<SharedSecret> secret = co_await vault_.read(before.token.store, *before.token.item, Prompt::never);
    if (!secret) continue;
    Connection row = before;
    std::optional<Connection> expected = before;
    // Not held once more if the store fails: it is in memory already.
    Result<> moved = co_await put(std::move(row), std::move(expected), std::move(*secret), Prompt::never);
    all = all && moved;
    if (moved) events_.publish({.kind = EventKind::connection_updated, .connection = registry_.find(id)});
  }
  co_return all;
}

}  // namespace forgelink
