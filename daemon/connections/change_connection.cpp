// SPDX-License-Identifier: MIT
#include "daemon/connections/connections.hpp"

namespace forgelink {

awaitable<Result<>> Connections::update(ConnectionId id, ConnectionChanges changes) {
  ConnectionLocks::Lock lock = co_await locks_.lock(id);
  const Connection* found = registry_.find(id);
  if (found == nullptr) co_return connection_gone();
  const Connection before = *found;

  Connection row = edited(before, changes, changes.token.has_value());
  Result<> checked = check_connection(row, settings_.endpoints);
  if (checked) checked = name_is_free(row);
  const bool to_be_allowed = changes_place(before, row, changes, changes.token.has_value());
  if (checked && to_be_allowed) checked = check_policy(row, Policy::Extent::place);
  if (!checked) co_return checked.error();
  SharedSecret token;
  if (changes.token) {
    Result<SharedSecret> given = check_token(*find_provider(row.type), *changes.token);
    if (!given) co_return given.error();
    token = std::move(*given);
  }
  const bool profile = profile_changed(before, row);
  Result<ChangePlan> plan =
      plan_change(before, std::move(row), changes, token != nullptr, profile, clock_.now());
  if (!plan) co_return plan.error();
  plan->check_policy = to_be_allowed || plan->put;
  Result<> saved = co_await carry_out(std::move(*plan), before, std::move(token));
  co_return saved;
}

awaitable<Result<>> Connections::carry_out(ChangePlan plan, Connection before, SharedSecret token) {
  const ConnectionId id = before.id;
  if (plan.read_stored) {
    Result<SharedSecret> kept = co_await tokens_.stored(id, Prompt::allowed);
    if (!kept) co_return kept.error();
    token = std::move(*kept);
  }
  if (plan.verify) {
    Result<Verification> said = co_await ask(plan.row, access_of(token));
    if (!said) co_return dated(said.error(), plan.row, clock_.now());
    if (plan.check_account) {
      Result<> same = check_account(before, *said);
      if (!same) co_return same;
    }
    apply(plan.row, *said, clock_.now());
  }

  if (plan.check_policy) {
    Result<> allowed = check_policy(plan.row, Policy::Extent::whole);
    if (!allowed) co_return allowed.error();
  }
  plan.row.updated_at = clock_.now();
  const bool verified = plan.verify;
  Result<> written;
  if (plan.put) {
    std::optional<Connection> expected = std::move(before);
    written =
        co_await tokens_.put(std::move(plan.row), std::move(expected), std::move(token), Prompt::allowed);
  } else {
    written = registry_.compare_and_swap(before, std::move(plan.row));
  }
  if (!written) co_return written.error();
  const Connection* changed = registry_.find(id);
  if (changed == nullptr) co_return Result<>();
  events_.publish({.kind = EventKind::connection_updated, .connection = changed});
  if (verified && changed->token.state == TokenState::valid)
    events_.publish({.kind = EventKind::token_verified, .connection = changed});
  co_return Result<>();
}

awaitable<Result<>> Connections::adopt(ConnectionId id, Secret token) {
  ConnectionChanges changes;
  changes.token = token.duplicate();
  Result<> verified = co_await update(id, std::move(changes));
  if (verified || verified.error().code != Errc::forge_unreachable) co_return verified;
  // git just had it accepted, so an API that is out of reach is no reason to lose it. Whose it is shows at
  // the first verification, which takes no other account.
  ConnectionChanges unverified;
  unverified.token = std::move(token);
  unverified.verify = false;
  Result<> saved = co_await update(id, std::move(unverified));
  co_return saved;
}

}  // namespace forgelink
