// SPDX-License-Identifier: MIT
// Parses the redirect of the browser, as strictly as RFC 8252 and RFC 9207 require. Plain
// functions, the same for the listener and for a pasted address.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace forgelink {

// What belongs to one sign-in, and to no other.
struct SignInRequest {
  std::string redirect_uri;  // "http://127.0.0.1:PORT/callback/..."
  std::string issuer;        // what an `iss` in the answer must be; `*` stands for one path segment
  SharedSecret state, verifier;
};

// The forge's answer: a code, or why there is none.
struct RedirectAnswer {
  Secret code;
  std::string error = {};        // "access_denied"; "" with a code
  std::string description = {};  // what the forge says to it; not cleaned
};

// Does an `iss` name the issuer that is expected (RFC 9207 section 2.4)?
bool is_issuer(std::string_view iss, std::string_view expected);

// Has the query that `state`, once? For a listener that several sign-ins share.
bool belongs_to(std::string_view query, const SignInRequest& request);

// Reads the query of a redirect: exactly one `state`, the right one; exactly one of `code` and `error`; an
// `iss`, if there is one, that is the issuer. Anything else is an error and must have no effect.
Result<RedirectAnswer> parse_redirect_query(std::string_view query, const SignInRequest& request);

// The same for a whole address that somebody pasted; it must be the sign-in's own redirect_uri.
Result<RedirectAnswer> parse_redirect_url(std::string_view url, const SignInRequest& request);

}  // namespace forgelink
