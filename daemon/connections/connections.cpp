// SPDX-License-Identifier: MIT
#include "daemon/connections/connections.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace forgelink {
namespace {

Error expired_on_arrival(Time date) {
  return {.code = Errc::token_expired,
          .message = fmt::format("The token has expired: its date is {}.", rfc3339(date)),
          .field = "expires_at",
          .hint = "Make a new token, or give its right date (expires_at, --expires)."};
}

// The forge's 401 on a token whose own date has passed.
Error dated(Error refusal, const Connection& connection, Time now) {
  const bool past = connection.token.expires_at && *connection.token.expires_at <= now;
  if (refusal.code == Errc::token_rejected && past) {
    refusal.code = Errc::token_expired;
    refusal.message = fmt::format("The token expired on {}, and the forge refuses it.",
                                  rfc3339(*connection.token.expires_at));
  }
  return refusal;
}

// Does the change touch what the forge confirmed with the token?
bool changed_verified_field(const Connection& row, const Connection& before) {
  const auto& fields = find_provider(row.type)->verified_fields;
  const auto is_verified = [&](std::string_view field) {
    return std::find(fields.begin(), fields.end(), field) != fields.end();
  };
  return (row.username != before.username && is_verified("username")) ||
         (row.email != before.email && is_verified("email"));
}

// A connection that the policy is against already may be renamed; whatever the policy looks at may only be changed
// to what it allows.
bool changes_place(const Connection& before, const Connection& row, const ConnectionChanges& changes) {
  return changes.token.has_value() || row.server_url != before.server_url ||
         row.organization != before.organization || row.retention != before.retention ||
         row.sign_in != before.sign_in || changes.expires_at.given;
}

void set(std::optional<std::string>& value, ipc::Change<std::string>& change) {
  if (change.given) value = std::move(change.value);
}

}  // namespace

// One verification that several may wait for.
struct Connections::Flight {
  Signal landed;
  std::optional<Result<>> outcome;
};

Result<ConnectionId> Connections::find(std::string_view id_or_name) const {
  if (const auto id = ConnectionId::parse(id_or_name)) {
    if (registry_.find(*id) != nullptr) return *id;
  }
  if (const Connection* named = registry_.find_by_name(id_or_name)) return named->id;
  return Error{.code = Errc::not_found,
               .message = fmt::format("There is no connection “{}”.", id_or_name),
               .field = "connection",
               .hint = "See them all with: forgelink list"};
}

std::string Connections::name_of(std::string_view id_or_name) const {
  const auto id = ConnectionId::parse(id_or_name);
  const Connection* found = id ? registry_.find(*id) : nullptr;
  if (found == nullptr) found = registry_.find_by_name(id_or_name);
  return found != nullptr ? found->name : "";
}

std::string Connections::name_of(const std::optional<std::string>& id_or_name) const {
  return id_or_name ? name_of(std::string_view(*id_or_name)) : "";
}

Result<> Connections::name_is_free(const Connection& connection) const {
  const Connection* holder = registry_.find_by_name(connection.name);
  if (holder == nullptr || holder->id == connection.id) return {};
  return Error{.code = Errc::name_taken,
               .message = fmt::format(
                   "There is a connection “{}” already; names differ by more than upper and lower case.",
                   holder->name),
               .field = "name"};
}

Result<> Connections::check_policy(const Connection& connection, Policy::Extent extent) const {
  return settings_.policy->check(connection, settings_.endpoints, clock_.now(), extent);
}

awaitable<Result<Verification>> Connections::ask(const Connection& connection, SharedSecret token) {
  const Provider* provider = find_provider(connection.type);
  Target target = target_of(connection, settings_.endpoints, std::move(token));
  Result<Verification> said = co_await provider->verify(http_, std::move(target));
  co_return said;
}

awaitable<Result<ConnectionId>> Connections::add(NewConnection wanted) {
  Connection row = std::move(wanted.draft);
  row.id = ConnectionId::make();
  row.created_at = row.updated_at = clock_.now();
  Result<> checked = check_connection(row, settings_.endpoints);
  if (checked) checked = name_is_free(row);
  // How long the token lives may be known only after the forge was asked.
  if (checked) checked = check_policy(row, Policy::Extent::place);
  if (!checked) co_return checked.error();

  if (!wanted.token) {
    if (row.token.expires_at)
      co_return invalid("expires_at", "`expires_at` is the end of a token, and none is given.");
    Result<> inserted = registry_.insert(row);
    if (!inserted) co_return inserted.error();
    events_.publish({.kind = EventKind::connection_added, .connection = registry_.find(row.id)});
    co_return row.id;
  }

  if (row.sign_in == SignIn::oauth)
    co_return invalid("token", "A connection that signs in takes no token.",
                      "Leave `sign_in` out to use the token.");
  Result<SharedSecret> token = check_token(*find_provider(row.type), *wanted.token);
  wanted.token.reset();
  if (!token) co_return token.error();
  row.token.state = TokenState::unverified;
  row.token.expiry_typed = row.token.expires_at.has_value();
  if (row.token.expires_at && *row.token.expires_at <= clock_.now())
    co_return expired_on_arrival(*row.token.expires_at);

  if (wanted.verify) {
    Result<Verification> said = co_await ask(row, *token);
    if (!said) co_return said.error();
    apply(row, *said, clock_.now());
  }
  Result<> allowed = check_policy(row, Policy::Extent::whole);
  if (!allowed) co_return allowed.error();
  const ConnectionId id = row.id;
  Result<> saved = co_await tokens_.put(std::move(row), *token, Tokens::Row::insert, Prompt::allowed);
  if (!saved) co_return saved.error();
  const Connection* added = registry_.find(id);
  if (added == nullptr) co_return id;  // removed while the old item was cleared away
  events_.publish({.kind = EventKind::connection_added, .connection = added});
  if (added->token.state == TokenState::valid)
    events_.publish({.kind = EventKind::token_verified, .connection = added});
  co_return id;
}

awaitable<Result<>> Connections::update(ConnectionId id, ConnectionChanges changes) {
  ConnectionLocks::Lock lock = co_await locks_.lock(id);
  const Connection* found = registry_.find(id);
  if (found == nullptr) co_return connection_gone();
  const Connection before = *found;

  Connection row = before;
  if (changes.name) row.name = *changes.name;
  set(row.username, changes.username);
  set(row.email, changes.email);
  set(row.server_url, changes.server_url);
  set(row.organization, changes.organization);
  set(row.commit_name, changes.commit_name);
  set(row.commit_email, changes.commit_email);
  if (changes.retention) row.retention = *changes.retention;
  if (changes.access) row.access = *changes.access;
  if (changes.allow_http) row.allow_http = *changes.allow_http;
  if (changes.expires_at.given) {
    row.token.expires_at = changes.expires_at.value;
    row.token.expiry_typed = changes.expires_at.value.has_value();
    row.token.notices_given.clear();
  } else if (changes.token) {
    row.token.expires_at.reset();
    row.token.expiry_typed = false;
  }
  Result<> checked = check_connection(row, settings_.endpoints);
  if (checked) checked = name_is_free(row);
  if (checked && changes_place(before, row, changes)) checked = check_policy(row, Policy::Extent::place);
  if (!checked) co_return checked.error();
  Result<> saved = co_await save_change(std::move(row), before, changes);
  co_return saved;
}

// The second half of `update`: what the change means for the token.
awaitable<Result<>> Connections::save_change(Connection row, const Connection& before,
                                             ConnectionChanges& changes) {
  const ConnectionId id = row.id;
  const bool elsewhere = row.server_url != before.server_url || row.organization != before.organization;
  SharedSecret token;  // what is to be verified, or moved
  bool put_away = false;

  if (changes.token) {
    Result<SharedSecret> given = check_token(*find_provider(row.type), *changes.token);
    changes.token.reset();
    if (!given) co_return given.error();
    if (row.token.expires_at && *row.token.expires_at <= clock_.now())
      co_return expired_on_arrival(*row.token.expires_at);
    token = std::move(*given);
    put_away = true;
    const TokenMetadata fresh{.state = TokenState::unverified,
                           .expires_at = row.token.expires_at,
                           .expiry_typed = row.token.expiry_typed};
    row.token = fresh;
    row.sign_in = SignIn::pat;
    row.hint.reset();
  } else if (before.token.item) {
    // A token goes to the server it was made for and to no other.
    if (row.server_url != before.server_url && before.server_url &&
        (!row.server_url || origin_of(*row.server_url) != origin_of(*before.server_url))) {
      co_return invalid("token", "Another server needs a token of its own.",
                        "Give it in the same change (token, --token-stdin).");
    }
    const bool profile_changed = changed_verified_field(row, before);
    // Expired by a date that is taken back: what the token is, only the forge can say now.
    const bool dated_anew = changes.expires_at.given && row.token.state == TokenState::expired &&
                            (!row.token.expires_at || *row.token.expires_at > clock_.now());
    const bool uncertain = elsewhere || profile_changed || dated_anew;
    const bool ask_again = changes.verify.value_or(uncertain);
    const bool moves = row.retention != before.retention;
    if (ask_again || moves) {
      Result<SharedSecret> kept = co_await tokens_.stored(id, Prompt::allowed);
      if (!kept) co_return kept.error();
      token = std::move(*kept);
      put_away = moves;
    }
    if (!ask_again && uncertain) row.token.state = TokenState::unverified;
    if (!ask_again) changes.verify = false;
  }

  const bool verify = token && changes.verify.value_or(true);
  if (verify) {
    Result<Verification> said = co_await ask(row, Tokens::access_of(token));
    if (!said) co_return dated(said.error(), row, clock_.now());
    if (!changes.accept_account_change) {
      Result<> same = check_account(before, *said);
      if (!same) co_return same;
    }
    apply(row, *said, clock_.now());
  } else if (put_away && before.token.state == TokenState::missing) {
    row.account = changes.accept_account_change ? std::nullopt : row.account;
  }

  if (changes_place(before, row, changes) || put_away) {
    Result<> allowed = check_policy(row, Policy::Extent::whole);
    if (!allowed) co_return allowed.error();
  }
  row.updated_at = clock_.now();
  const Connection* now = registry_.find(id);
  if (now == nullptr) co_return connection_gone();
  if (put_away) {
    Result<> put =
        co_await tokens_.put(std::move(row), std::move(token), Tokens::Row::update, Prompt::allowed);
    if (!put) co_return put.error();
  } else {
    row.last_used_at = now->last_used_at;
    row.repositories_used = now->repositories_used;
    if (now->token.item != before.token.item) row.token = now->token;  // purged meanwhile
    Result<> written = registry_.update(row);
    if (!written) co_return written.error();
  }
  const Connection* changed = registry_.find(id);
  if (changed == nullptr) co_return Result<>();
  events_.publish({.kind = EventKind::connection_updated, .connection = changed});
  if (verify && changed->token.state == TokenState::valid)
    events_.publish({.kind = EventKind::token_verified, .connection = changed});
  co_return Result<>();
}

awaitable<Result<>> Connections::remove(ConnectionId id) {
  const Connection* found = registry_.find(id);
  if (found == nullptr) co_return connection_gone();
  const Connection removed = *found;
  Result<> gone = registry_.remove(id);
  if (!gone) co_return gone.error();
  events_.publish({.kind = EventKind::connection_removed, .connection = &removed});
  if (removed.token.item) co_await vault_.erase(removed.token.store, *removed.token.item);
  co_return Result<>();
}

awaitable<Result<>> Connections::verify(ConnectionId id, Prompt prompt) {
  if (const auto under_way = flights_.find(id); under_way != flights_.end()) {
    const std::shared_ptr<Flight> flight = under_way->second;
    while (!flight->outcome) co_await flight->landed.wait();
    co_return *flight->outcome;
  }
  const auto flight = std::make_shared<Flight>();
  flights_.emplace(id, flight);
  Result<> outcome = co_await verify_in_turn(id, prompt);
  flights_.erase(id);
  flight->outcome = outcome;
  flight->landed.notify();
  co_return outcome;
}

awaitable<Result<>> Connections::verify_in_turn(ConnectionId id, Prompt prompt) {
  const Connection* first = registry_.find(id);
  if (first == nullptr) co_return connection_gone();
  Result<> allowed = check_policy(*first, Policy::Extent::whole);
  if (!allowed) co_return allowed.error();
  if (first->token.item && first->sign_in == SignIn::oauth && first->token.state != TokenState::rejected) {
    // A token that renews itself is renewed before it is asked about; that takes the turn for itself.
    Result<SharedSecret> fresh = co_await tokens_.usable(id, prompt);
    if (!fresh) co_return fresh.error();
  }
  ConnectionLocks::Lock lock = co_await locks_.lock(id);
  Result<SharedSecret> token = co_await tokens_.stored(id, prompt);
  if (!token) co_return token.error();
  const Connection* found = registry_.find(id);
  if (found == nullptr) co_return connection_gone();
  const Connection asked = *found;

  SharedSecret access = Tokens::access_of(*token);
  Result<Verification> said = co_await ask(asked, std::move(access));
  const Connection* now = registry_.find(id);
  const bool same_token = now != nullptr && now->token.item == asked.token.item;
  if (!said) {
    if (said.error().code == Errc::token_rejected && same_token) tokens_.refused(id, *asked.token.item);
    co_return dated(said.error(), asked, clock_.now());
  }
  if (!same_token)
    co_return Error{.code = Errc::not_found,
                    .message = fmt::format("“{}” was changed or removed meanwhile.", asked.name),
                    .field = "connection"};
  Connection row = *now;
  apply(row, *said, clock_.now());
  Result<> written = registry_.update(row);
  if (!written) co_return written.error();
  events_.publish({.kind = EventKind::token_verified, .connection = registry_.find(id)});
  co_return Result<>();
}

awaitable<Result<ConnectionId>> Connections::sign_in(Connection draft, bool is_new, TokenPair pair,
                                                     bool accept_account_change,
                                                     std::function<bool()> may_save) {
  ConnectionLocks::Lock lock = co_await locks_.lock(draft.id);
  if (!is_new) {
    // As it is by now, whatever was edited while the person was in the browser.
    const Connection* now = registry_.find(draft.id);
    if (now == nullptr) co_return connection_gone();
    draft = *now;
    draft.sign_in = SignIn::oauth;
  } else {
    Result<> free = name_is_free(draft);
    if (!free) co_return free.error();
  }
  const TokenMetadata fresh{.state = TokenState::unverified, .expires_at = pair.expires_at};
  draft.token = fresh;
  draft.hint.reset();
  Result<> allowed = check_policy(draft, Policy::Extent::place);
  if (!allowed) co_return allowed.error();

  auto access = std::make_shared<const Secret>(pair.access.reveal());
  Connection asked = draft;
  // Where the user name must be the account's, another account is told as such and not by its name.
  const bool named_by_account = takes_account_name(draft);
  if (named_by_account && (draft.account || accept_account_change)) asked.username.reset();
  Result<Verification> said = co_await ask(asked, std::move(access));
  if (!said) co_return said.error();
  if (!accept_account_change) {
    Result<> same = check_account(draft, *said);
    if (!same) co_return same.error();
  }
  if (named_by_account && said->account && said->account->login && !asked.username)
    draft.username = said->account->login;
  if (!said->scopes && !pair.scopes.empty()) said->scopes = pair.scopes;
  said->expires_at = pair.expires_at;  // the pair's own word; the header tells of personal tokens
  apply(draft, *said, clock_.now());

  if (may_save && !may_save())
    co_return Error{.code = Errc::sign_in_cancelled, .message = "The sign-in had ended before it was saved."};
  const ConnectionId id = draft.id;
  const Tokens::Row how = is_new ? Tokens::Row::insert : Tokens::Row::update;
  SharedSecret stored = Tokens::stored_form(pair);
  Result<> put = co_await tokens_.put(std::move(draft), std::move(stored), how, Prompt::allowed);
  if (!put) co_return put.error();
  const Connection* saved = registry_.find(id);
  if (saved == nullptr) co_return id;
  events_.publish({.kind = is_new ? EventKind::connection_added : EventKind::connection_updated, .connection = saved});
  events_.publish({.kind = EventKind::token_verified, .connection = saved});
  co_return id;
}

awaitable<Result<>> Connections::adopt(ConnectionId id, Secret token) {
  ConnectionChanges changes;
  changes.token = token.duplicate();
  Result<> verified = co_await update(id, std::move(changes));
  if (verified || verified.error().code != Errc::forge_unreachable) co_return verified;
  // git just had it accepted, so an API that is out of reach is no reason to lose it.
  ConnectionChanges unverified;
  unverified.token = std::move(token);
  unverified.verify = false;
  Result<> saved = co_await update(id, std::move(unverified));
  co_return saved;
}

}  // namespace forgelink
