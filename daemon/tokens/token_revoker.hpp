// SPDX-License-Identifier: MIT
// Revokes a connection's token at its forge: personal tokens by the forge's own API, the pair of a sign-in by
// RFC 7009. On the loop; everything it refers to must outlive it.
#pragma once

#include "daemon/tokens/oauth_apps.hpp"
#include "daemon/tokens/tokens.hpp"
#include "providers/http/http.hpp"
#include "providers/oauth/oauth_client.hpp"

namespace forgelink {

class TokenRevoker {
 public:
  TokenRevoker(Registry& registry, Tokens& tokens, SecretVault& vault, OAuthApps& apps, OAuthClient& oauth,
               ConnectionLocks& locks, http::Client& http, EventHub& events, const Settings& settings);

  enum class Outcome { not_asked, revoked, unsupported, failed };
  struct Revoked {
    Outcome outcome = Outcome::not_asked;
    std::string url;      // of `unsupported`: where a person does it by hand
    std::string message;  // why not, or what else happens; "" if there is nothing to say
  };

  // Asks the forge; changes nothing here. A token that is dead already counts as revoked. `token_missing` if
  // there is none, `not_found` if there is no such connection; all else is an outcome.
  awaitable<Result<Revoked>> ask(ConnectionId id);

  // The same, and on success the connection is without a token.
  awaitable<Result<Revoked>> revoke(ConnectionId id);

 private:
  awaitable<Result<bool>> ask_forge(Connection row, SharedSecret stored);

  Registry& registry_;
  Tokens& tokens_;
  SecretVault& vault_;
  OAuthApps& apps_;
  OAuthClient& oauth_;
  ConnectionLocks& locks_;
  http::Client& http_;
  EventHub& events_;
  const Settings& settings_;
};

std::string_view name_of(TokenRevoker::Outcome outcome);

}  // namespace forgelink
