// SPDX-License-Identifier: MIT
#include "daemon/tokens/token_renewer.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/model/connection_rules.hpp"
#include "providers/token_ending.hpp"

namespace forgelink {
namespace {

// Holds the item of the token that is being rotated; "" once that is settled.
std::string mark_of(ConnectionId id) { return "rotation:" + id.text(); }

Error lost_token(const Connection& row) {
  return {
      .code = Errc::token_rejected,
      .message = fmt::format("The token of “{}” was renewed, but the forge's answer never came.", row.name),
      .hint = "the new token was lost; make another"};
}

Error unsupported(const Connection& row, const Provider* provider, const Target& target) {
  return {.code = Errc::renew_unsupported,
          .message = fmt::format("{} offers no way to renew the token.",
                                 provider != nullptr ? provider->label : row.type),
          .hint = "Create a new token and use it.",
          .url = provider != nullptr ? provider->token_page(target) : ""};
}

// The forge has said no to the rotation, so the old token is as good as before.
bool is_the_forges_no(Errc code) {
  return code == Errc::invalid_params || code == Errc::scope_missing || code == Errc::renew_unsupported;
}

}  // namespace

TokenRenewer::TokenRenewer(Registry& registry, Tokens& tokens, ConnectionLocks& locks, http::Client& http,
                           EventHub& events, const Settings& settings, const Clock& clock)
    : registry_(registry),
      tokens_(tokens),
      locks_(locks),
      http_(http),
      events_(events),
      settings_(settings),
      clock_(clock) {}

bool TokenRenewer::is_marked(const Connection& row) const {
  return row.token.item && registry_.metadata(mark_of(row.id)) == row.token.item->text();
}

Result<> TokenRenewer::mark(const Connection& row) {
  return registry_.set_metadata(mark_of(row.id), row.token.item->text());
}

void TokenRenewer::unmark(ConnectionId id) {
  if (Result<> written = registry_.set_metadata(mark_of(id), ""); !written)
    spdlog::error("the mark of a renewal stays: {}", written.error().message);
}

Result<> TokenRenewer::lose(const Connection& row) {
  unmark(row.id);
  const Connection* now = registry_.find(row.id);
  // The connection has another token by now; the lost one is of no use to anybody.
  if (now == nullptr || now->token.item != row.token.item) return {};
  Connection lost = *now;
  lost.hint = "Its renewal was interrupted: the new token was lost; make another.";
  if (Result<> written = registry_.update(lost); !written) return written;
  tokens_.refused(row.id, *row.token.item);
  return lost_token(row);
}

awaitable<Result<>> TokenRenewer::renew(ConnectionId id, std::optional<Time> expires_at, By by) {
  const Connection* found = registry_.find(id);
  if (found == nullptr) co_return connection_gone();
  Result<> allowed = settings_.policy->check(*found, settings_.endpoints, clock_.now());
  if (!allowed) co_return allowed;
  const Prompt prompt = by == By::person ? Prompt::allowed : Prompt::never;
  if (found->sign_in == SignIn::oauth) {
    Result<SharedSecret> fresh = co_await tokens_.renew_now(id, prompt);
    if (!fresh) co_return fresh.error();
  } else {
    ++under_way_;
    Result<> rotated = co_await rotate(id, expires_at, prompt);
    --under_way_;
    if (!rotated) co_return rotated;
  }
  events_.publish({.kind = EventKind::token_renewed,
                   .connection = registry_.find(id),
                   .detail = {{"automatic", by == By::setting}}});
  co_return Result<>();
}

// Whether a rotation that had begun took effect: the mark is gone if it did not, else the token is lost.
awaitable<Result<>> TokenRenewer::settle(Connection row, Target target) {
  const Provider* provider = find_provider(row.type);
  Result<bool> dead = co_await provider->rotation->is_dead(http_, std::move(target));
  if (!dead) co_return dead.error();
  if (*dead) co_return lose(row);
  unmark(row.id);
  co_return Result<>();
}

awaitable<Result<>> TokenRenewer::rotate(ConnectionId id, std::optional<Time> expires_at, Prompt prompt) {
  ConnectionLocks::Lock lock = co_await locks_.lock(id);
  const Connection* found = registry_.find(id);
  if (found == nullptr) co_return connection_gone();
  const Connection before = *found;
  const Provider* provider = find_provider(before.type);
  Target target = target_of(before, settings_.endpoints, nullptr);
  if (provider == nullptr || provider->rotation == nullptr) co_return unsupported(before, provider, target);
  Result<SharedSecret> stored = co_await tokens_.stored(id, prompt);
  if (!stored) co_return stored.error();
  target.token = *stored;
  if (is_marked(before)) {
    Target asked = target;
    Result<> settled = co_await settle(before, std::move(asked));
    if (!settled) co_return settled;
  }
  Target planned = target;
  Result<Time> end = co_await provider->rotation->plan(http_, std::move(planned), expires_at, clock_.now());
  if (!end) co_return end.error();
  // The new token comes once: nothing is asked unless it can be kept.
  Result<> writable = co_await tokens_.check_writable(before.retention);
  if (!writable) co_return writable;
  // From here on the old token may be dead, whatever becomes of us.
  Result<> marked = mark(before);
  if (!marked) co_return marked;
  Target rotated = target;
  Result<RotatedToken> fresh = co_await provider->rotation->rotate(http_, std::move(rotated), *end);
  if (!fresh) {
    if (is_the_forges_no(fresh.error().code)) {
      unmark(id);
      co_return fresh.error();
    }
    // Nobody knows whether it took effect: the old token is asked about, and never sent to rotate again.
    Result<> settled = co_await settle(before, std::move(target));
    if (!settled && settled.error().code == Errc::token_rejected) co_return settled;
    co_return fresh.error();
  }
  Connection row = before;
  row.token.expires_at = fresh->expires_at ? fresh->expires_at : std::optional(*end);
  row.token.expiry_typed = false;
  row.token.state = TokenState::valid;
  row.hint.reset();
  const std::optional<Time> end_of_new = row.token.expires_at;
  auto secret = std::make_shared<const Secret>(std::move(fresh->token));
  const SharedSecret kept = secret;
  // The old token is dead: what the keyring does not take now is held in memory, and a purge meanwhile
  // stands.
  std::optional<Connection> expected = before;
  Result<> put = co_await tokens_.put(std::move(row), std::move(expected), std::move(secret), prompt,
                                      IfStoreFails::hold);
  if (!put && put.error().code == Errc::database_failed) {
    // The row cannot be written now: it is held as a renewed pair is, which comes to the same.
    tokens_.renewal().restore(id, {.stored = kept, .expires_at = end_of_new, .replaces = *before.token.item});
  } else if (!put) {
    unmark(id);
    co_return put;
  }
  unmark(id);
  events_.publish({.kind = EventKind::connection_updated, .connection = registry_.find(id)});
  co_return Result<>();
}

awaitable<> TokenRenewer::settle_interrupted() {
  std::vector<Connection> marked;
  registry_.for_each([&](const Connection& connection) {
    if (is_marked(connection)) marked.push_back(connection);
  });
  // Read before the lock; lose() compares with the row as it is then.
  for (const Connection& row : marked) {
    ConnectionLocks::Lock lock = co_await locks_.lock(row.id);
    const Provider* provider = find_provider(row.type);
    if (provider == nullptr || provider->rotation == nullptr) continue;
    Result<SharedSecret> stored = co_await tokens_.stored(row.id, Prompt::never);
    if (!stored) continue;
    Target target = target_of(row, settings_.endpoints, std::move(*stored));
    Result<> settled = co_await settle(row, std::move(target));
    if (!settled) spdlog::warn("the renewal of \"{}\": {}", row.name, settled.error().message);
  }
}

}  // namespace forgelink
