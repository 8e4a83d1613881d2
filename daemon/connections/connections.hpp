// SPDX-License-Identifier: MIT
// Adding, changing, verifying and removing connections, whoever asks for it. One source per use case.
//
// Nothing is half-saved. The order is: local checks, the forge, the secret, the row; and the row is written
// only if its token is still the one that was read (Registry::compare_and_swap). A token that the forge
// accepts is valid, whatever its stored expiry date. On the loop.
#pragma once

#include <functional>

#include "base/keyed_mutex.hpp"
#include "base/single_flight.hpp"
#include "base/url.hpp"
#include "daemon/connections/change_plan.hpp"
#include "daemon/events/events.hpp"
#include "daemon/model/connection_rules.hpp"
#include "daemon/tokens/tokens.hpp"
#include "providers/http/http.hpp"
#include "storage/registry.hpp"

namespace forgelink {

struct NewConnection {
  Connection draft;  // name, type and what the person gave; ids and dates are made here
  std::optional<Secret> token;
  bool verify = true;
};

struct ConnectionChanges : ConnectionEdits {
  std::optional<Secret> token;
};

class Connections {
 public:
  Connections(Registry& registry, Tokens& tokens, SecretVault& vault, EventHub& events,
              ConnectionLocks& locks, http::Client& http, const Settings& settings, const Clock& clock)
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
  // `account_changed` if the forge names another account and the person did not accept it.
  awaitable<Result<>> update(ConnectionId id, ConnectionChanges changes);
  awaitable<Result<>> remove(ConnectionId id);

  // Asks the forge about the token there is, and remembers what it says; `account_changed` if it is another
  // account's. Asked for twice at once, the forge is asked once.
  awaitable<Result<>> verify(ConnectionId id, Prompt prompt);

  // Whether the token of a sign-in could be kept now: to be asked before its code is sent, which serves once.
  awaitable<Result<>> check_writable(Retention retention, Prompt prompt) {
    return tokens_.check_writable(retention, prompt);
  }
  bool looks_writable() const { return tokens_.looks_writable(); }

  // Options of `sign_in`. Without `ask_account` the account is not read and the pair is saved as
  // `unverified`: for a forge that issued the pair but does not answer.
  struct SignInTerms {
    bool is_new = true, accept_account_change = false, ask_account = true;
  };

  // Makes a connection, or gives an existing one, the token of a sign-in that was just finished: read the
  // account, compare, save. `draft` is the row as it shall be. `may_save` is asked in the last step: whether
  // the sign-in still stands; else nothing is saved, and the result is `sign_in_cancelled`.
  awaitable<Result<ConnectionId>> sign_in(Connection draft, std::shared_ptr<const TokenPair> pair,
                                          SignInTerms terms, std::function<bool()> may_save);

  // git had this token accepted for a connection whose own is missing or refused: verify it and take it over.
  awaitable<Result<>> adopt(ConnectionId id, Secret token);

 private:
  awaitable<Result<ConnectionId>> add_with_token(Connection row, SharedSecret token, bool verify);
  awaitable<Result<>> carry_out(ChangePlan plan, Connection before, SharedSecret token);
  awaitable<Result<>> verify_once(ConnectionId id, Prompt prompt);
  awaitable<Result<>> take_over(Connection asked, Verification said);
  awaitable<Result<>> ask_account(Connection& draft, const TokenPair& pair, bool accept_account_change);
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
  SingleFlight<ConnectionId> verifications_;
};

}  // namespace forgelink
