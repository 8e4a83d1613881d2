// SPDX-License-Identifier: MIT
#include "daemon/access/gate.hpp"

#include "base/url.hpp"
#include "daemon/model/connection_rules.hpp"

namespace forgelink {

namespace {

// Of a token that did not leave.
AccessOutcome refusal_of(const Error& error) {
  const bool by_person = error.code == Errc::access_denied || error.code == Errc::too_busy;
  return by_person ? AccessOutcome::denied : AccessOutcome::refused;
}

}  // namespace

AccessOutcome outcome_of(const std::optional<Error>& failure) {
  if (!failure) return AccessOutcome::given;
  switch (failure->code) {
    case Errc::locked:
    case Errc::token_missing:
    case Errc::token_expired:
    case Errc::token_rejected:
    case Errc::keyring_locked:
    case Errc::keyring_unavailable:
    case Errc::invalid_params:
      return AccessOutcome::refused;
    default:
      return AccessOutcome::given;
  }
}

bool Gate::asks(ConnectionId id) const {
  const Connection* connection = registry_.find(id);
  return settings_.policy->ask || (connection != nullptr && connection->access == Access::ask);
}

awaitable<Result<>> Gate::agreed(const AccessRequest& request) {
  // The person is asked last, and not about what would be refused anyway.
  if (lock_.locked()) co_return vault_locked();
  const Connection* connection = registry_.find(request.connection);
  if (connection == nullptr) co_return connection_gone();
  const bool git = request.action == AccessAction::git;
  Result<> within = settings_.policy->check(*connection, settings_.endpoints, clock_.now(),
                                            git ? Policy::Extent::git : Policy::Extent::whole);
  if (!within) co_return within;
  if (request.agreed || !asks(request.connection)) co_return Result<>();
  AccessRequest about = request;
  if (about.host.empty()) about.host = host_of(request.connection);
  Result<> yes = co_await consent_.ask(std::move(about));
  if (!yes) co_return yes;
  // A yes that was given after a lock gives no token.
  if (lock_.locked()) co_return vault_locked();
  co_return Result<>();
}

awaitable<Result<>> Gate::admit(AccessRequest request) {
  Result<> yes = co_await agreed(request);
  if (!yes) note(request, refusal_of(yes.error()));
  co_return yes;
}

awaitable<Result<SharedSecret>> Gate::token(AccessRequest request, Prompt prompt) {
  Result<> yes = co_await agreed(request);
  if (!yes) {
    note(request, refusal_of(yes.error()));
    co_return yes.error();
  }
  Result<SharedSecret> token = co_await tokens_.usable(request.connection, prompt);
  // The lock may have come while the token was read or renewed.
  if (token && lock_.locked()) token = vault_locked();
  note(request, token ? AccessOutcome::given : refusal_of(token.error()));
  co_return token;
}

void Gate::note(const AccessRequest& request, AccessOutcome outcome) {
  const Connection* connection = registry_.find(request.connection);
  AccessEntry entry{.connection = request.connection.text(),
                    .connection_name = connection != nullptr ? connection->name : "",
                    .action = request.action,
                    .caller = request.asker.caller,
                    .directory = request.directory,
                    .host = request.host.empty() ? host_of(request.connection) : request.host,
                    .path = request.path,
                    .outcome = outcome};
  recorder_.record(std::move(entry), connection);
}

std::string Gate::host_of(ConnectionId id) const {
  const Connection* connection = registry_.find(id);
  const Provider* provider = connection != nullptr ? find_provider(connection->type) : nullptr;
  if (provider == nullptr) return "";
  const Target target = target_of(*connection, settings_.endpoints, nullptr);
  const std::vector<std::string> roots = provider->git_roots(target);
  const auto origin = roots.empty() ? std::nullopt : origin_of(roots.front());
  return origin ? origin->authority() : "";
}

}  // namespace forgelink
