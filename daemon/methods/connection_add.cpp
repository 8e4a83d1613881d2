// SPDX-License-Identifier: MIT
#include "daemon/methods/connection_add.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/oauth/oauth_dialect.hpp"
#include "providers/provider.hpp"

namespace forgelink {

Result<Retention> parse_retention(const std::string& word) {
  if (const auto retention = retention_of(word)) return *retention;
  return invalid("retention", "`retention` is keep or session.");
}

Result<SignIn> parse_sign_in(const std::string& word, std::string_view type) {
  if (word == "pat") return SignIn::pat;
  if (word == "oauth") return SignIn::oauth;
  const Provider* own = find_provider(type);
  if (own != nullptr && own->oauth != nullptr && !word.empty() && own->oauth->former_word == word)
    return SignIn::oauth;
  const bool is_anothers = std::any_of(providers().begin(), providers().end(), [&](const Provider& one) {
    return one.oauth != nullptr && !word.empty() && one.oauth->former_word == word;
  });
  if (is_anothers) {
    return Error{.code = Errc::sign_in_unsupported,
                 .message = fmt::format("`sign_in` is {} for another type of connection.", word),
                 .field = "sign_in",
                 .hint = "It is pat or oauth."};
  }
  return invalid("sign_in", "`sign_in` is pat or oauth.");
}

Result<Access> parse_access(const std::string& word, const Policy& policy) {
  const auto access = access_of(word);
  if (!access) return invalid("access", "`access` is allow or ask.");
  if (policy.ask && *access == Access::allow)
    return policy.refusal("The policy of this computer requires a confirmation for each use of a token.");
  return *access;
}

Error about_token(Error error) {
  switch (error.code) {
    case Errc::token_rejected:
    case Errc::token_expired:
    case Errc::token_missing:
    case Errc::scope_missing:
    case Errc::sso_required:
    case Errc::account_changed:
      if (error.field.empty()) error.field = "token";
      break;
    default:
      break;
  }
  return error;
}

awaitable<Result<ConnectionReply>> ConnectionAdd::call(Params params) const {
  NewConnection wanted;
  Connection& draft = wanted.draft;
  draft.name = std::move(params.name);
  draft.type = std::move(params.type);
  draft.username = std::move(params.username);
  draft.email = std::move(params.email);
  draft.server_url = std::move(params.server_url);
  draft.organization = std::move(params.organization);
  draft.allow_http = params.allow_http;
  draft.token.expires_at = params.expires_at;
  draft.retention = settings.retention;
  if (params.retention) {
    Result<Retention> retention = parse_retention(*params.retention);
    if (!retention) co_return retention.error();
    draft.retention = *retention;
  }
  if (params.sign_in) {
    Result<SignIn> sign_in = parse_sign_in(*params.sign_in, draft.type);
    if (!sign_in) co_return sign_in.error();
    draft.sign_in = *sign_in;
  }
  if (params.access) {
    Result<Access> access = parse_access(*params.access, *settings.policy);
    if (!access) co_return access.error();
    draft.access = *access;
  }
  wanted.token = std::move(params.token);
  wanted.verify = params.verify;

  Result<ConnectionId> added = co_await connections.add(std::move(wanted));
  if (!added) co_return about_token(added.error());
  co_return viewer.reply(*added);
}

}  // namespace forgelink
