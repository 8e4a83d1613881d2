// SPDX-License-Identifier: MIT
#include "daemon/tokens/token_revoker.hpp"

#include <fmt/format.h>

#include "daemon/model/connection_rules.hpp"
#include "providers/provider.hpp"
#include "providers/token_ending.hpp"

namespace forgelink {
namespace {

std::string page_for(const Provider& provider, const Target& target) {
  if (provider.revocation != nullptr && provider.revocation->page != nullptr)
    return provider.revocation->page(target);
  return provider.token_page(target);
}

}  // namespace

TokenRevoker::TokenRevoker(Registry& registry, Tokens& tokens, SecretVault& vault, OAuthApps& apps,
                           OAuthClient& oauth, ConnectionLocks& locks, http::Client& http, EventHub& events,
                           const Settings& settings)
    : registry_(registry),
      tokens_(tokens),
      vault_(vault),
      apps_(apps),
      oauth_(oauth),
      locks_(locks),
      http_(http),
      events_(events),
      settings_(settings) {}

std::string_view name_of(TokenRevoker::Outcome outcome) {
  using Outcome = TokenRevoker::Outcome;
  switch (outcome) {
    case Outcome::not_asked:
      return "not_asked";
    case Outcome::revoked:
      return "revoked";
    case Outcome::unsupported:
      return "unsupported";
    case Outcome::failed:
      return "failed";
  }
  return "";
}

// True: ended. False: the forge has no way for this.
awaitable<Result<bool>> TokenRevoker::ask_forge(Connection row, SharedSecret stored) {
  const Provider* provider = find_provider(row.type);
  if (provider == nullptr) co_return false;
  SharedSecret access = Tokens::access_of(stored);
  Target target = target_of(row, settings_.endpoints, access);
  const bool by_oauth = row.sign_in == SignIn::oauth && provider->oauth != nullptr &&
                        !provider->oauth->endpoints(target, "").revoke.empty();
  if (by_oauth) {
    Result<OAuthServer> server = co_await apps_.server_for(std::move(row), OAuthApps::Use::revocation);
    if (!server) co_return server.error();
    Result<> ended = co_await oauth_.revoke(std::move(*server), std::move(access));
    if (!ended) co_return ended.error();
    co_return true;
  }
  if (provider->revocation == nullptr || provider->revocation->revoke == nullptr) co_return false;
  SharedSecret refresh = Tokens::refresh_of(*stored);
  Result<bool> ended = co_await provider->revocation->revoke(http_, std::move(target), std::move(refresh));
  co_return ended;
}

awaitable<Result<TokenRevoker::Revoked>> TokenRevoker::ask(ConnectionId id) {
  const Connection* found = registry_.find(id);
  if (found == nullptr) co_return connection_gone();
  const Connection row = *found;
  const Provider* provider = find_provider(row.type);
  Result<SharedSecret> stored = co_await tokens_.stored(id, Prompt::allowed);
  if (!stored && stored.error().code == Errc::token_missing) co_return stored.error();
  if (!stored) co_return Revoked{.outcome = Outcome::failed, .url = "", .message = stored.error().message};
  Result<bool> ended = co_await ask_forge(row, std::move(*stored));
  if (!ended) co_return Revoked{.outcome = Outcome::failed, .url = "", .message = ended.error().message};
  Revoked revoked;
  if (*ended) {
    revoked.outcome = Outcome::revoked;
    if (provider != nullptr && provider->revocation != nullptr)
      revoked.message = provider->revocation->caution;
    const Connection* now = registry_.find(id);
    events_.publish({.kind = EventKind::token_revoked, .connection = now});
    co_return revoked;
  }
  revoked.outcome = Outcome::unsupported;
  const Target target = target_of(row, settings_.endpoints, nullptr);
  if (provider != nullptr) revoked.url = page_for(*provider, target);
  revoked.message =
      fmt::format("{} offers no way to revoke the token.", provider != nullptr ? provider->label : row.type);
  co_return revoked;
}

awaitable<Result<TokenRevoker::Revoked>> TokenRevoker::revoke(ConnectionId id) {
  ConnectionLocks::Lock lock = co_await locks_.lock(id);
  const Connection* found = registry_.find(id);
  if (found == nullptr) co_return connection_gone();
  const Connection before = *found;
  Result<Revoked> revoked = co_await ask(id);
  if (!revoked || revoked->outcome != Outcome::revoked) co_return revoked;
  const Connection* now = registry_.find(id);
  // Replaced while the forge was asked: the new token stays.
  if (now == nullptr || now->token.item != before.token.item || !now->token.item) co_return revoked;
  const Store store = now->token.store;
  const ItemId item = *now->token.item;
  Connection row = *now;
  clear_token(row);
  Result<> written = registry_.compare_and_swap(before, std::move(row));
  if (!written) co_return written.error();
  events_.publish({.kind = EventKind::connection_updated, .connection = registry_.find(id)});
  co_await vault_.erase(store, item, Prompt::allowed);
  co_return revoked;
}

}  // namespace forgelink
