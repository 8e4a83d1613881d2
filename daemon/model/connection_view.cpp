// SPDX-License-Identifier: MIT
#include "daemon/model/connection_view.hpp"

#include <algorithm>

#include "base/url.hpp"
#include "providers/provider.hpp"
#include "providers/token_ending.hpp"

namespace forgelink {

namespace {

// The dated notices of its type whose day is still to come.
std::optional<std::vector<protocol::WarningView>> warnings_for(const Connection& connection, Time now) {
  const Provider* provider = find_provider(connection.type);
  if (provider == nullptr) return std::nullopt;
  std::optional<std::vector<protocol::WarningView>> warnings;
  for (const Notice& notice : provider->notices) {
    const auto day = parse_time(notice.date);
    if (!day || *day <= now) continue;
    if (!warnings) warnings.emplace();
    warnings->push_back(
        {.date = std::string(notice.date), .text = std::string(notice.text), .url = std::string(notice.url)});
  }
  return warnings;
}

// The account's name, and the address that the forge gives to hide the real one, or the real one.
std::optional<protocol::CommitIdentityView> commit_proposal(const Connection& connection) {
  const Provider* provider = find_provider(connection.type);
  if (!connection.account || provider == nullptr) return std::nullopt;
  const Account& account = *connection.account;
  protocol::CommitIdentityView proposal{.name = account.display_name ? account.display_name : account.login,
                                        .email = account.email};
  if (provider->noreply_email != nullptr && account.login) {
    const std::string host =
        connection.server_url ? origin_of(*connection.server_url).value_or(Origin()).host : "";
    if (std::string hidden = provider->noreply_email(host, account.id, *account.login); !hidden.empty())
      proposal.email = std::move(hidden);
  }
  return proposal;
}

}  // namespace

bool renews_itself(const Connection& connection) {
  // An access token that ends comes with a refresh token; those of GitHub's OAuth apps have no end
  // (docs/forges.md 10).
  return connection.sign_in == SignIn::oauth && connection.token.expires_at.has_value();
}

bool can_rotate(const Connection& connection) {
  const Provider* provider = find_provider(connection.type);
  if (provider == nullptr || provider->rotation == nullptr || connection.sign_in != SignIn::pat ||
      !connection.token.scopes)
    return false;
  const std::vector<std::string>& has = *connection.token.scopes;
  const std::span<const std::string_view> any = provider->rotation->scopes;
  return std::find_first_of(has.begin(), has.end(), any.begin(), any.end()) != has.end();
}

TokenState state_of(const Connection& connection, Time now) {
  const TokenMetadata& token = connection.token;
  const bool alive = token.state == TokenState::valid || token.state == TokenState::unverified;
  if (alive && token.expires_at && *token.expires_at <= now && !renews_itself(connection))
    return TokenState::expired;
  return token.state;
}

ConnectionView view_of(const Connection& connection, Time now, bool unreachable, const Settings& settings) {
  const TokenMetadata& token = connection.token;
  ConnectionView view{
      .id = connection.id.text(),
      .name = connection.name,
      .type = connection.type,
      .username = connection.username,
      .email = connection.email,
      .server_url = connection.server_url,
      .organization = connection.organization,
      .sign_in = std::string(name_of(connection.sign_in)),
      .retention = std::string(name_of(connection.retention)),
      .access = std::string(name_of(settings.policy->ask ? Access::ask : connection.access)),
      .token = {.state = unreachable ? "unavailable" : std::string(name_of(state_of(connection, now))),
                .expires_at = token.expires_at,
                .scopes = token.scopes,
                .missing_scopes = token.missing_scopes,
                .excess_scopes = token.excess_scopes,
                .stored_at = token.stored_at,
                .can_renew = can_rotate(connection) || renews_itself(connection)},
      .hint = connection.hint,
      .commit_name = connection.commit_name,
      .commit_email = connection.commit_email,
      .commit_proposal = commit_proposal(connection),
      .verified_at = connection.verified_at,
      .last_used_at = connection.last_used_at,
      .repositories_used = connection.repositories_used,
      .created_at = connection.created_at,
      .updated_at = connection.updated_at,
  };
  view.warnings = warnings_for(connection, now);
  view.policy_forbids = settings.policy->forbids(connection, settings.endpoints, now);
  if (token.store != Store::none) view.token.stored_in = std::string(name_of(token.store));
  if (connection.account) {
    view.account = protocol::AccountView{.id = connection.account->id,
                                         .login = connection.account->login,
                                         .display_name = connection.account->display_name,
                                         .email = connection.account->email};
  }
  return view;
}

}  // namespace forgelink
