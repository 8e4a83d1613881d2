// SPDX-License-Identifier: MIT
// Checks a connection before anything is sent or saved: its name, the fields that its type requires, the
// shape of its token. Plain functions without I/O.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "providers/provider.hpp"
#include "storage/connection.hpp"

namespace forgelink {

// Checks all fields of a new or changed connection and brings them into their normal form.
Result<> check_connection(Connection& connection, const Endpoints& endpoints);

// Takes outer white space off a pasted token and refuses what cannot be one of this type.
Result<SharedSecret> check_token(const Provider& provider, const Secret& pasted);

// The type's provider; `invalid_params` on `type` with the types there are.
Result<const Provider*> check_type(std::string_view type);

// With a sign-in, the user name is the account's own: of the types that require one.
bool takes_account_name(const Connection& connection);

// What the forge needs to know of it.
Target target_of(const Connection& connection, const Endpoints& endpoints, SharedSecret token);

// Takes over what the forge said about the connection's token. The forge has just taken the token, so a date
// that is over, the forge's or a person's, is ignored and logged: a later refusal decides.
void apply(Connection& connection, const Verification& verification, Time now);

// The forge's refusal (401) of a token whose own date has passed is `token_expired`.
Error dated(Error refusal, const Connection& connection, Time now);

// Fields by which the forge tells whose token it is were edited.
bool profile_changed(const Connection& before, const Connection& after);

// `account_changed` if the forge names another account than the connection has.
Result<> check_account(const Connection& connection, const Verification& verification);

}  // namespace forgelink
