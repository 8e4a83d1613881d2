// SPDX-License-Identifier: MIT
// Normalises and checks the fields that a user typed for a connection. Plain
// functions; any thread.
#pragma once

#include "base/result.hpp"
#include "providers/provider.hpp"

namespace forgelink {

// Brings the fields into their normal form: blanks off, empty ones away, the server's address cut to the
// server's root. `by_sign_in`: a sign-in fills in the user name, so that it need not be typed. Errors name
// the field and what belongs there: `invalid_params`, `username_required`, `server_url_required`,
// `bitbucket_on_premise_unsupported`.
Result<> normalise(const Provider& provider, TypedFields& fields, const Endpoints& endpoints, bool allow_http,
                   bool by_sign_in);

// Takes blanks off; an empty text becomes nothing. `invalid_params` on `field` for what no field holds:
// control characters, and bytes that are not UTF-8.
Result<> normalise_text(std::optional<std::string>& value, std::string_view field);

// A token that was typed into a field which everybody may see: `invalid_params` on `field`. Never repeats it.
Result<> check_no_token(std::string_view value, std::string_view field);

// Why the text, without blanks at its ends, is more than a token: quotes round it, NAME=token, user:token, an
// address. Never repeats it. Nothing if it may be a token.
std::optional<Error> more_than_a_token(std::string_view pasted);

}  // namespace forgelink
