// SPDX-License-Identifier: MIT
#include "storage/connection_row.hpp"

#include <boost/json.hpp>
#include <stdexcept>

namespace forgelink {

const char* const connection_columns =
    "id, name, name_key, type, username, email, server_url, organization, sign_in, retention, allow_http, "
    "token_state, token_store, "
    "token_item, token_expires_at, token_expiry_typed, token_scopes, token_missing_scopes, "
    "token_excess_scopes, token_stored_at, "
    "token_notices, account_id, account_login, account_display_name, account_email, hint, verified_at, "
    "last_used_at, "
    "repositories_used, created_at, updated_at, commit_name, commit_email, access";
const char* const connection_marks =
    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

namespace {

using OptionalText = std::optional<std::string>;

template <class T>
std::string list_text(const std::vector<T>& list) {
  return list.empty() ? "[]" : boost::json::serialize(boost::json::value_from(list));
}

template <class T>
std::vector<T> list_of(std::string_view text) {
  if (text == "[]") return {};
  return boost::json::value_to<std::vector<T>>(boost::json::parse({text.data(), text.size()}));
}

// Binds one value after the other.
class Binder {
 public:
  explicit Binder(SQLite::Statement& statement) : statement_(statement) {}

  void text(std::string_view value) { statement_.bind(++at_, std::string(value)); }
  void optional(const OptionalText& value) { value ? text(*value) : null(); }
  void number(std::int64_t value) { statement_.bind(++at_, value); }
  void time(Time value) { number(value.time_since_epoch().count()); }
  void time(const std::optional<Time>& value) { value ? time(*value) : null(); }
  void null() { statement_.bind(++at_); }

 private:
  SQLite::Statement& statement_;
  int at_ = 0;
};

// Reads one value after the other.
class Columns {
 public:
  explicit Columns(SQLite::Statement& row) : row_(row) {}

  // Valid until the next row.
  std::string_view text() { return row_.getColumn(at_++).getText(); }
  OptionalText optional_text() { return is_null() ? std::nullopt : OptionalText(text()); }
  void skip(int columns = 1) { at_ += columns; }
  std::int64_t number() { return row_.getColumn(at_++).getInt64(); }
  Time time() { return Time(std::chrono::seconds(number())); }
  std::optional<Time> optional_time() { return is_null() ? std::nullopt : std::optional(time()); }
  template <class T>
  std::vector<T> list() {
    return list_of<T>(text());
  }

 private:
  // Steps over the column if it is.
  bool is_null() {
    if (!row_.isColumnNull(at_)) return false;
    ++at_;
    return true;
  }

  SQLite::Statement& row_;
  int at_ = 0;
};

template <class Value>
Value named(std::string_view name, std::initializer_list<Value> values) {
  for (const Value value : values) {
    if (name_of(value) == name) return value;
  }
  throw std::runtime_error("the registry holds an unknown word: " + std::string(name));
}

}  // namespace

void bind_row(SQLite::Statement& statement, const Connection& connection, const std::string& key) {
  const TokenMetadata& token = connection.token;
  Binder row(statement);
  row.text(connection.id.text());
  row.text(connection.name);
  row.text(key);
  row.text(connection.type);
  row.optional(connection.username);
  row.optional(connection.email);
  row.optional(connection.server_url);
  row.optional(connection.organization);
  row.text(name_of(connection.sign_in));
  row.text(name_of(connection.retention));
  row.number(connection.allow_http ? 1 : 0);
  row.text(name_of(token.state));
  row.text(name_of(token.store));
  row.optional(token.item ? OptionalText(token.item->text()) : std::nullopt);
  row.time(token.expires_at);
  row.number(token.expiry_typed ? 1 : 0);
  row.optional(token.scopes ? OptionalText(list_text(*token.scopes)) : std::nullopt);
  row.text(list_text(token.missing_scopes));
  row.text(list_text(token.excess_scopes));
  row.time(token.stored_at);
  row.text(list_text(token.notices_given));
  const Account account = connection.account.value_or(Account{});
  row.optional(connection.account ? OptionalText(account.id) : std::nullopt);
  row.optional(account.login);
  row.optional(account.display_name);
  row.optional(account.email);
  row.optional(connection.hint);
  row.time(connection.verified_at);
  row.time(connection.last_used_at);
  row.number(connection.repositories_used);
  row.time(connection.created_at);
  row.time(connection.updated_at);
  row.optional(connection.commit_name);
  row.optional(connection.commit_email);
  row.text(name_of(connection.access));
}

void read_row(SQLite::Statement& row, Connection& c) {
  Columns in(row);
  const auto id = ConnectionId::parse(in.text());
  if (!id) throw std::runtime_error("the registry holds an id that is none");
  c.id = *id;
  c.name = in.text();
  in.skip();  // the key follows from the name
  c.type = in.text();
  c.username = in.optional_text();
  c.email = in.optional_text();
  c.server_url = in.optional_text();
  c.organization = in.optional_text();
  c.sign_in = named(in.text(), {SignIn::pat, SignIn::oauth});
  c.retention = named(in.text(), {Retention::keep, Retention::session});
  c.allow_http = in.number() != 0;
  c.token.state = named(in.text(), {TokenState::missing, TokenState::unverified, TokenState::valid,
                                    TokenState::expired, TokenState::rejected});
  c.token.store = named(in.text(), {Store::none, Store::secret_service, Store::memory});
  if (const OptionalText item = in.optional_text()) c.token.item = ItemId::parse(*item);
  c.token.expires_at = in.optional_time();
  c.token.expiry_typed = in.number() != 0;
  if (const OptionalText scopes = in.optional_text()) c.token.scopes = list_of<std::string>(*scopes);
  c.token.missing_scopes = in.list<std::string>();
  c.token.excess_scopes = in.list<std::string>();
  c.token.stored_at = in.optional_time();
  c.token.notices_given = in.list<int>();
  if (OptionalText account_id = in.optional_text()) {
    c.account = {.id = *std::move(account_id),
                 .login = in.optional_text(),
                 .display_name = in.optional_text(),
                 .email = in.optional_text()};
  } else {
    in.skip(3);
  }
  c.hint = in.optional_text();
  c.verified_at = in.optional_time();
  c.last_used_at = in.optional_time();
  c.repositories_used = in.number();
  c.created_at = in.time();
  c.updated_at = in.time();
  c.commit_name = in.optional_text();
  c.commit_email = in.optional_text();
  c.access = named(in.text(), {Access::allow, Access::ask});
}

}  // namespace forgelink
