// SPDX-License-Identifier: MIT
// Making, changing, verifying and removing connections: the rules of the main job, whoever asks for it.
//
// Nothing is half-saved: what is checked is checked before the forge is asked, the forge is asked before
// anything is saved, the secret is put away before the row is written. On the loop.
#pragma once

#include <functional>
#include <memory>

#include "daemon/connections/connection_rules.hpp"
#include "daemon/events/events.hpp"
#include "daemon/tokens/tokens.hpp"
#include "base/keyed_mutex.hpp"
#include "ipc/field_types.hpp"
#include "providers/http/http.hpp"
#include "base/url.hpp"
#include "storage/registry.hpp"

namespace forgelink {

struct NewConnection {
  Connection draft;  // name, type and what the person gave; ids and dates are made here
  std::optional<Secret> token;
  bool verify = true;
};

struct ConnectionChanges {
  std::optional<std::string> name;
  ipc::Change<std::string> username, email, server_url, organization, commit_name, commit_email;
  ipc::Change<Time> expires_at;
  std::optional<Secret> token;
  std::optional<Retention> retention;
  std::optional<Access> access;
  std::optional<bool> verify, allow_http;
  bool accept_account_change = false;
};

class Connections {
 public:
  Connections(Registry& registry, Tokens& tokens, SecretVault& vault, EventHub& events, ConnectionLocks& locks,
              http::Client& http, const Settings& settings, const Clock& clock)
      : registry_(registry),
        tokens_(tokens),
        vault_(vault),
        events_(events),
        locks_(locks),
        http_(http),
        settings_(settings),
        clock_(clock) {}

  // By id or name; `not_found` names it.
  Result<ConnectionId> find(std::string_view id_or_name) const;
  // The name of an existing one, however it was named; "" if there is none.
  std::string name_of(std::string_view id_or_name) const;
  std::string name_of(const std::optional<std::string>& id_or_name) const;

  awaitable<Result<ConnectionId>> add(NewConnection wanted);
  awaitable<Result<>> update(ConnectionId id, ConnectionChanges changes);
  awaitable<Result<>> remove(ConnectionId id);

  // Asks the forge about the token there is, and remembers what it says. Asked for twice at once, the forge
  // is asked once.
  awaitable<Result<>> verify(ConnectionId id, Prompt prompt);

  // Makes a connection, or gives an existing one, the token of a sign-in that was just finished: read the
  // account, compare, save. `draft` is the row as it shall be. `may_save` is asked in the last step: whether
  // the sign-in still stands; else nothing is saved, and the result is `sign_in_cancelled`.
  awaitable<Result<ConnectionId>> sign_in(Connection draft, bool is_new, TokenPair pair,
                                          bool accept_account_change, std::function<bool()> may_save);

  // git had this token accepted for a connection whose own is missing or refused: verify it and take it over.
  awaitable<Result<>> adopt(ConnectionId id, Secret token);

 private:
  struct Flight;

  awaitable<Result<>> verify_in_turn(ConnectionId id, Prompt prompt);
  awaitable<Result<>> save_change(Connection row, const Connection& before, ConnectionChanges& changes);
  awaitable<Result<Verification>> ask(const Connection& connection, SharedSecret token);
  Result<> name_is_free(const Connection& connection) const;
  // `policy_forbids` for a connection that is outside the administrator's frame.
  Result<> check_policy(const Connection& connection, Policy::Extent extent) const;

  Registry& registry_;
  Tokens& tokens_;
  SecretVault& vault_;
  EventHub& events_;
  ConnectionLocks& locks_;
  http::Client& http_;
  const Settings& settings_;
  const Clock& clock_;
  std::unordered_map<ConnectionId, std::shared_ptr<Flight>> flights_;
};

}  // namespace forgelink
