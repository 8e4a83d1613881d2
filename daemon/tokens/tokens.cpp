// SPDX-License-Identifier: MIT
#include "daemon/tokens/tokens.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/shell_word.hpp"
#include "daemon/connections/connection_view.hpp"
#include "providers/provider.hpp"

namespace forgelink {
namespace {

// Renewed this long before its end, so that what git is given outlives the push.
constexpr std::chrono::minutes renewal_margin{5};

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

awaitable<Result<>> Tokens::put(Connection row, SharedSecret secret, Row how, Prompt prompt) {
  std::string label = label_of(row);
  std::string id = row.id.text();
  Result<SecretVault::Kept> kept =
      co_await vault_.keep(std::move(id), std::move(label), row.retention, secret, prompt);
  if (!kept) co_return kept.error();

  Store old_store = Store::none;
  std::optional<ItemId> old_item;
  if (const Connection* now = registry_.find(row.id)) {
    // Uses are counted without waiting for anybody.
    row.last_used_at = now->last_used_at;
    row.repositories_used = now->repositories_used;
    old_store = now->token.store;
    old_item = now->token.item;
  }
  row.token.store = kept->store;
  row.token.item = kept->item;
  row.token.stored_at = clock_.now();
  row.token.notices_given.clear();
  row.updated_at = clock_.now();
  Result<> written = how == Row::insert ? registry_.insert(row) : registry_.update(row);
  if (!written) {
    co_await vault_.erase(kept->store, kept->item);
    co_return written.error();
  }
  vault_.settled(kept->item);
  if (old_item) co_await vault_.erase(old_store, *old_item);
  co_return Result<>();
}

Result<const Connection*> Tokens::find(ConnectionId id) const {
  if (const Connection* found = registry_.find(id)) return found;
  return connection_gone();
}

Error Tokens::token_trouble(const Connection& connection) const {
  const std::string edit =
      fmt::format("Edit the connection and configure it again: forgelink edit {}{}", quoted(connection.name),
                  connection.sign_in == SignIn::oauth ? " --sign-in" : "");
  switch (state_of(connection, clock_.now())) {
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

awaitable<Result<SharedSecret>> Tokens::stored(ConnectionId id, Prompt prompt) {
  Result<const Connection*> found = find(id);
  if (!found) co_return found.error();
  const TokenMetadata token = (*found)->token;
  if (!token.item) co_return token_trouble(**found);
  Result<SharedSecret> secret = co_await vault_.read(token.store, *token.item, prompt);
  if (secret || secret.error().code != Errc::not_found) co_return secret;

  // The store is there and has it no more: somebody took it out, or it ended with the session.
  const Connection* now = registry_.find(id);
  if (now == nullptr || now->token.item != token.item) co_return co_await stored(id, prompt);
  Connection row = *now;
  clear_token(row);
  const Error trouble = token_trouble(row);
  if (registry_.update(row))
    events_.publish({.kind = EventKind::connection_updated, .connection = registry_.find(id)});
  co_return trouble;
}

awaitable<Result<SharedSecret>> Tokens::usable(ConnectionId id, Prompt prompt) {
  Result<const Connection*> found = find(id);
  if (!found) co_return found.error();
  const Connection& connection = **found;
  const TokenState state = state_of(connection, clock_.now());
  if (state != TokenState::valid && state != TokenState::unverified) co_return token_trouble(connection);

  const bool ending =
      renews_itself(connection) && *connection.token.expires_at - renewal_margin <= clock_.now();
  if (ending) co_return co_await renewed(id, prompt);
  Result<SharedSecret> secret = co_await stored(id, prompt);
  if (!secret) co_return secret;
  co_return access_of(std::move(*secret));
}

awaitable<Result<SharedSecret>> Tokens::renewed(ConnectionId id, Prompt prompt, bool demanded) {
  // Whoever comes while one renewal is under way waits for its turn, and then finds the token fresh.
  ConnectionLocks::Lock lock = co_await locks_.lock(id);
  Result<const Connection*> found = find(id);
  if (!found) co_return found.error();
  const Connection before = **found;
  Result<SharedSecret> secret = co_await stored(id, prompt);
  if (!secret) co_return secret;
  const bool still_ending =
      renews_itself(before) && *before.token.expires_at - renewal_margin <= clock_.now();
  SharedSecret refresh = refresh_of(**secret);
  if (demanded && refresh->empty()) {
    co_return Error{.code = Errc::renew_unsupported,
                    .message = fmt::format("“{}” signed in without a token for renewal.", before.name),
                    .hint = "Sign in again: forgelink edit NAME --sign-in"};
  }
  if ((!still_ending && !demanded) || !renew_) co_return access_of(std::move(*secret));
  Result<TokenPair> pair = co_await renew_(id, std::move(refresh));
  if (!pair) {
    if (pair.error().code == Errc::token_rejected) {
      if (before.token.item) refused(id, *before.token.item);
      co_return pair.error();
    }
    // Not the forge's final word: what is left of the old token still serves.
    spdlog::warn("the token of \"{}\" could not be renewed: {}", before.name, pair.error().message);
    if (!demanded && *before.token.expires_at > clock_.now()) co_return access_of(std::move(*secret));
    co_return pair.error();
  }

  // The old pair is dead from now on, so the new one is kept whatever else has changed meanwhile.
  const Connection* now = registry_.find(id);
  if (now == nullptr || now->token.item != before.token.item) {
    co_return Error{.code = Errc::token_missing,
                    .message = fmt::format("“{}” was changed while its token was renewed.", before.name),
                    .hint = "Try again."};
  }
  Connection row = *now;
  row.token.expires_at = pair->expires_at;
  row.token.state = TokenState::valid;
  SharedSecret fresh = stored_form(*pair);
  Result<> written = co_await put(std::move(row), fresh, Row::update, prompt);
  if (!written) co_return written.error();
  events_.publish({.kind = EventKind::connection_updated, .connection = registry_.find(id)});
  co_return access_of(std::move(fresh));
}

void Tokens::write_state(Connection row, TokenState state, EventKind event) {
  row.token.state = state;
  row.updated_at = clock_.now();
  const ConnectionId id = row.id;
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

SharedSecret Tokens::access_of(SharedSecret stored) {
  const auto line = stored->reveal().find('\n');
  if (line == std::string_view::npos) return stored;
  return std::make_shared<const Secret>(stored->reveal().substr(0, line));
}

SharedSecret Tokens::refresh_of(const Secret& stored) {
  const auto line = stored.reveal().find('\n');
  return std::make_shared<const Secret>(line == std::string_view::npos ? std::string_view()
                                                                       : stored.reveal().substr(line + 1));
}

SharedSecret Tokens::stored_form(const TokenPair& pair) {
  if (!pair.refresh) return std::make_shared<const Secret>(pair.access.reveal());
  const std::string_view access = pair.access.reveal(), refresh = pair.refresh->reveal();
  auto fill = [&](char* into) {
    into = std::copy(access.begin(), access.end(), into);
    *into++ = '\n';
    std::copy(refresh.begin(), refresh.end(), into);
  };
  return std::make_shared<const Secret>(Secret::of_size(access.size() + 1 + refresh.size(), fill));
}

awaitable<Tokens::Purged> Tokens::purge(std::vector<ConnectionId> ids, std::string_view why,
                                        IfUnwritable if_unwritable) {
  std::optional<Error> failed;
  std::vector<ConnectionId> purged;
  std::vector<SecretVault::Kept> items;
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
      failed = written.error();
      if (if_unwritable == IfUnwritable::keep) continue;
    }
    items.push_back(kept);
    purged.push_back(id);
  }
  if (!purged.empty()) {
    boost::json::array names, purged_ids;
    for (const ConnectionId& id : purged) {
      purged_ids.emplace_back(id.text());
      if (const Connection* now = registry_.find(id)) names.emplace_back(now->name);
    }
    events_.publish(
        {.kind = EventKind::tokens_purged,
         .detail = {{"purged", std::move(purged_ids)}, {"names", std::move(names)}, {"why", why}}});
  }
  for (const SecretVault::Kept& kept : items) co_await vault_.erase(kept.store, kept.item);
  Purged done;
  done.ids = std::move(purged);
  done.failed = std::move(failed);
  co_return done;
}

void Tokens::forget_lost_memory() {
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
