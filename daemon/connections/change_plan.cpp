// SPDX-License-Identifier: MIT
#include "daemon/connections/change_plan.hpp"

#include <fmt/format.h>

#include "base/url.hpp"

namespace forgelink {
namespace {

void set(std::optional<std::string>& value, const ipc::Change<std::string>& change) {
  if (change.given) value = change.value;
}

// A token goes to the server it was made for and to no other.
bool is_other_server(const Connection& before, const Connection& row) {
  if (row.server_url == before.server_url || !before.server_url) return false;
  return !row.server_url || origin_of(*row.server_url) != origin_of(*before.server_url);
}

Result<ChangePlan> plan_new_token(const Connection& before, Connection row, const ConnectionEdits& edits,
                                  Time now) {
  if (row.token.expires_at && *row.token.expires_at <= now) return expired_on_arrival(*row.token.expires_at);
  const TokenMetadata fresh{.state = TokenState::unverified,
                            .expires_at = row.token.expires_at,
                            .expiry_typed = row.token.expiry_typed};
  row.token = fresh;
  row.sign_in = SignIn::pat;
  row.hint.reset();
  const bool verify = edits.verify.value_or(true);
  // Whose the new one is shows at the first verification: with the person's yes, whoever it is then.
  if (!verify && edits.accept_account_change) row.account.reset();
  return ChangePlan{.row = std::move(row),
                    .verify = verify,
                    .put = true,
                    .check_account = !edits.accept_account_change && before.account.has_value()};
}

}  // namespace

Error expired_on_arrival(Time date) {
  return {.code = Errc::token_expired,
          .message = fmt::format("The token has expired: its date is {}.", rfc3339(date)),
          .field = "expires_at",
          .hint = "Create a new token, or give its right date (expires_at, --expires)."};
}

bool changes_place(const Connection& before, const Connection& row, const ConnectionEdits& edits,
                   bool has_token) {
  return has_token || row.server_url != before.server_url || row.organization != before.organization ||
         row.retention != before.retention || row.sign_in != before.sign_in || edits.expires_at.given;
}

Connection edited(const Connection& before, const ConnectionEdits& edits, bool has_token) {
  Connection row = before;
  if (edits.name) row.name = *edits.name;
  set(row.username, edits.username);
  set(row.email, edits.email);
  set(row.server_url, edits.server_url);
  set(row.organization, edits.organization);
  set(row.commit_name, edits.commit_name);
  set(row.commit_email, edits.commit_email);
  if (edits.retention) row.retention = *edits.retention;
  if (edits.access) row.access = *edits.access;
  if (edits.allow_http) row.allow_http = *edits.allow_http;
  if (edits.expires_at.given) {
    row.token.expires_at = edits.expires_at.value;
    row.token.expiry_typed = edits.expires_at.value.has_value();
    row.token.notices_given.clear();
  } else if (has_token) {
    row.token.expires_at.reset();
    row.token.expiry_typed = false;
  }
  return row;
}

Result<ChangePlan> plan_change(const Connection& before, Connection row, const ConnectionEdits& edits,
                               bool has_token, bool profile_changed, Time now) {
  if (has_token) return plan_new_token(before, std::move(row), edits, now);
  if (!before.token.item) return ChangePlan{.row = std::move(row)};
  if (is_other_server(before, row)) {
    return invalid("token", "Another server requires a new token.",
                   "Give it in the same change (token, --token-stdin).");
  }
  const bool elsewhere = row.server_url != before.server_url || row.organization != before.organization;
  // Expired by a date that is taken back: what the token is, only the forge can say now.
  const bool dated_anew = edits.expires_at.given && row.token.state == TokenState::expired &&
                          (!row.token.expires_at || *row.token.expires_at > now);
  const bool uncertain = elsewhere || profile_changed || dated_anew;
  const bool verify = edits.verify.value_or(uncertain);
  // Another retention may be another collection of the keyring, so the token is put anew.
  const bool moves = row.retention != before.retention;
  if (!verify && uncertain) row.token.state = TokenState::unverified;
  if (!verify && edits.accept_account_change) row.account.reset();
  return ChangePlan{.row = std::move(row),
                    .read_stored = verify || moves,
                    .verify = verify,
                    .put = moves,
                    .check_account = !edits.accept_account_change && before.account.has_value()};
}

}  // namespace forgelink
