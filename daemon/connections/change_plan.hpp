// SPDX-License-Identifier: MIT
// Decides what a change of a connection means for its token, before the forge is asked and before anything is
// read or written.
//
// Plain values and a pure function of them.
#pragma once

#include "base/result.hpp"
#include "ipc/field_types.hpp"
#include "storage/connection.hpp"

namespace forgelink {

// What of the connection is to be another; the token itself is handed over beside it.
struct ConnectionEdits {
  std::optional<std::string> name;
  ipc::Change<std::string> username, email, server_url, organization, commit_name, commit_email;
  ipc::Change<Time> expires_at;
  std::optional<Retention> retention;
  std::optional<Access> access;
  std::optional<bool> verify, allow_http;
  bool accept_account_change = false;
};

// The row with the edits in it, not checked yet. `has_token`: a new token comes with them.
Connection edited(const Connection& before, const ConnectionEdits& edits, bool has_token);

// Does the change touch what the administrator's policy looks at? A connection that the policy is against
// already may be renamed; all else may only be changed to what it allows.
bool changes_place(const Connection& before, const Connection& row, const ConnectionEdits& edits,
                   bool has_token);

struct ChangePlan {
  Connection row;              // as it shall be, but for what the forge says
  bool read_stored = false;    // the token that is stored is needed: to ask the forge with it, or to move it
  bool verify = false;         // the forge is asked before anything is written
  bool put = false;            // the token becomes a new item, new or moved
  bool check_account = false;  // another account is `account_changed`
  bool check_policy = false;   // what the forge said is to be within the policy as well
};

// `row`: `edited` and then checked and brought into its normal form. `profile_changed`: fields by which the
// forge tells whose token it is (Provider) have changed. Fails with `token_expired` for a new token whose
// given date is over, `invalid_params` on `token` where another server needs a token of its own.
Result<ChangePlan> plan_change(const Connection& before, Connection row, const ConnectionEdits& edits,
                               bool has_token, bool profile_changed, Time now);

// The refusal of a token whose own date has passed.
Error expired_on_arrival(Time date);

}  // namespace forgelink
