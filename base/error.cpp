// SPDX-License-Identifier: MIT
#include "base/error.hpp"

namespace forgelink {

std::string_view kind(Errc code) {
  switch (code) {
    case Errc::invalid_params:
      return "invalid_params";
    case Errc::not_found:
      return "not_found";
    case Errc::name_taken:
      return "name_taken";
    case Errc::username_required:
      return "username_required";
    case Errc::username_mismatch:
      return "username_mismatch";
    case Errc::server_url_required:
      return "server_url_required";
    case Errc::bitbucket_on_premise_unsupported:
      return "bitbucket_on_premise_unsupported";
    case Errc::sign_in_unsupported:
      return "sign_in_unsupported";
    case Errc::renew_unsupported:
      return "renew_unsupported";
    case Errc::oauth_app_missing:
      return "oauth_app_missing";
    case Errc::token_missing:
      return "token_missing";
    case Errc::token_rejected:
      return "token_rejected";
    case Errc::token_expired:
      return "token_expired";
    case Errc::scope_missing:
      return "scope_missing";
    case Errc::sso_required:
      return "sso_required";
    case Errc::forge_unreachable:
      return "forge_unreachable";
    case Errc::tls_untrusted:
      return "tls_untrusted";
    case Errc::proxy_failed:
      return "proxy_failed";
    case Errc::rate_limited:
      return "rate_limited";
    case Errc::forge_error:
      return "forge_error";
    case Errc::keyring_locked:
      return "keyring_locked";
    case Errc::keyring_unavailable:
      return "keyring_unavailable";
    case Errc::sign_in_denied:
      return "sign_in_denied";
    case Errc::sign_in_expired:
      return "sign_in_expired";
    case Errc::ambiguous_connection:
      return "ambiguous_connection";
    case Errc::account_changed:
      return "account_changed";
    case Errc::sign_in_cancelled:
      return "sign_in_cancelled";
    case Errc::policy_forbids:
      return "policy_forbids";
    case Errc::database_failed:
      return "database_failed";
    case Errc::too_busy:
      return "too_busy";
    case Errc::shutting_down:
      return "shutting_down";
    case Errc::access_denied:
      return "access_denied";
    case Errc::locked:
      return "locked";
    case Errc::internal:
      return "internal";
  }
  return "internal";
}

std::optional<Errc> errc_of(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Errc::internal); ++i) {
    if (kind(static_cast<Errc>(i)) == name) return static_cast<Errc>(i);
  }
  return std::nullopt;
}

}  // namespace forgelink
