// SPDX-License-Identifier: MIT
// What can go wrong, as the rest of the program and the people who use it see it.
//
// `Errc` is closed: one value per kind of the protocol (`data.kind`). An `Error` is a kind and a sentence
// that a person can act on. Neither ever holds a secret. Plain values: copy them, use them on any thread.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace forgelink {

enum class Errc {
  invalid_params,
  not_found,
  name_taken,
  username_required,
  username_mismatch,
  server_url_required,
  bitbucket_on_premise_unsupported,
  sign_in_unsupported,
  renew_unsupported,
  oauth_app_missing,
  token_missing,
  token_rejected,
  token_expired,
  scope_missing,
  sso_required,
  forge_unreachable,
  tls_untrusted,
  proxy_failed,
  rate_limited,
  forge_error,
  keyring_locked,
  keyring_unavailable,
  sign_in_denied,
  sign_in_expired,
  ambiguous_connection,
  account_changed,
  sign_in_cancelled,
  policy_forbids,
  database_failed,
  too_busy,
  shutting_down,
  access_denied,
  locked,
  internal,
};

// The kind's name in the protocol, as "keyring_locked".
std::string_view kind(Errc code);

// The other way round; nothing for a name that is no kind.
std::optional<Errc> errc_of(std::string_view kind);

struct Error {
  Errc code = Errc::internal;
  std::string message;                                   // a whole sentence, ends with a full stop
  std::string field = {};                                // the parameter at fault, as "add.name"
  std::string hint = {};                                 // what to do about it
  std::string url = {};                                  // the page that resolves it
  std::optional<std::chrono::seconds> retry_after = {};  // how long to wait before a retry
  boost::json::object details = {};                      // further members of `data`, of this kind only
};

// The commonest one: a parameter that cannot be taken.
inline Error invalid(std::string field, std::string message, std::string hint = {}) {
  return {.code = Errc::invalid_params,
          .message = std::move(message),
          .field = std::move(field),
          .hint = std::move(hint)};
}

}  // namespace forgelink
