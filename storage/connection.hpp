// SPDX-License-Identifier: MIT
// A connection: one account on one forge, as the registry keeps it. Everything but the token itself, so that
// listing connections cannot load one. A plain value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace forgelink {

enum class Retention { keep, session };
enum class SignIn { pat, oauth };
enum class Access { allow, ask };  // does its token leave without a person's yes?
enum class TokenState {
  missing,
  unverified,
  valid,
  expired,
  rejected
};  // `unavailable` is derived, never kept
enum class Store { none, secret_service, memory };

struct Account {
  std::string id;  // the forge's own stable id
  std::optional<std::string> login, display_name, email;
  bool operator==(const Account&) const = default;
};

// What is known about a token; the token itself is the item of that id in the secret store named here.
struct TokenMetadata {
  TokenState state = TokenState::missing;
  Store store = Store::none;
  std::optional<ItemId> item;
  std::optional<Time> expires_at;
  std::optional<std::vector<std::string>> scopes;  // nothing where the forge does not tell
  std::vector<std::string> missing_scopes, excess_scopes;
  std::optional<Time> stored_at;
  // The person's own word on the end of it, for forges that tell none.
  bool expiry_typed = false;
  // The days before its end of which a notice was given already (14, 7, 1, 0), so that none is given twice.
  std::vector<int> notices_given;
  bool operator==(const TokenMetadata&) const = default;
};

struct Connection {
  ConnectionId id;
  std::string name;
  std::string type;  // an id of `type.list`
  std::optional<std::string> username, email, server_url, organization;
  SignIn sign_in = SignIn::pat;
  Retention retention = Retention::keep;
  bool allow_http = false;
  Access access = Access::allow;
  TokenMetadata token;
  std::optional<Account> account;
  std::optional<std::string> hint;                       // what a person could do about its state
  std::optional<std::string> commit_name, commit_email;  // the identity of commits made with it
  std::optional<Time> verified_at, last_used_at;
  std::int64_t repositories_used = 0;
  Time created_at{}, updated_at{};
  bool operator==(const Connection&) const = default;
};

std::string_view name_of(Retention retention);
std::string_view name_of(SignIn sign_in);
std::string_view name_of(Access access);
std::string_view name_of(TokenState state);
std::string_view name_of(Store store);
std::optional<Retention> retention_of(std::string_view name);
std::optional<Access> access_of(std::string_view name);

}  // namespace forgelink
