// SPDX-License-Identifier: MIT
#include "providers/forges/gitlab/gitlab_api.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "providers/forges/json_text.hpp"

namespace forgelink::forges::gitlab {
namespace {

Error not_a_gitlab(const http::Reply& reply, const Target& target) {
  return {.code = Errc::forge_error,
          .message = fmt::format("There is no GitLab at {}: its API is not there (status {}).",
                                 gitlab_root(target), reply.status),
          .field = target.server_url ? "server_url" : "",
          .hint = "Is the address complete? A GitLab may live below a path, as https://host/gitlab."};
}

Error forbidden(const http::Reply& reply, const Target& target) {
  boost::system::error_code wrong;
  const json::value body = parse_json(reply.body, wrong);
  if (!wrong && text_of(body, "error") == "insufficient_scope") {
    const std::vector<std::string> needed = shown(words_of(text_of(body, "scope").value_or("")), target);
    return {.code = Errc::scope_missing,
            .message = needed.empty()
                           ? std::string("The token's scopes do not allow this.")
                           : fmt::format("The token's scopes do not allow this; one of these is needed: {}.",
                                         fmt::join(needed, ", ")),
            .hint = "Make a token with that scope and use it.",
            .url = gitlab_token_page(target),
            .details = {{"required", json::value_from(needed)}}};
  }
  const std::string said = message_of(reply, target);
  const auto says = [&](std::string_view words) { return said.find(words) != std::string::npos; };
  Error error{.code = Errc::forge_error,
              .message = fmt::format("GitLab refuses this: {}.", said.empty() ? "no reason given" : said)};
  // What an account can set right itself is set right there, by signing in.
  if (says("Terms of Service")) {
    error.hint = "Accept them there, and ask again.";
    error.url = gitlab_root(target) + "/-/users/terms";
  } else if (says("password")) {
    error.hint = "Sign in there and give the account a new one.";
    error.url = gitlab_root(target) + "/users/sign_in";
  } else if (says("deactivated") || says("not confirmed")) {
    error.hint = "Sign in there once.";
    error.url = gitlab_root(target) + "/users/sign_in";
  } else if (says("blocked") || says("pending approval")) {
    error.hint = "An administrator of that GitLab can change it.";
  }
  return error;
}

void check_scopes(Verification& said, std::vector<std::string> scopes) {
  static const std::vector<std::string> not_too_wide = {"read_user", "read_api", "read_repository",
                                                        "write_repository", "self_rotate"};
  const bool all = holds(scopes, "api");
  for (const char* needed : {"read_api", "write_repository"}) {
    if (!all && !holds(scopes, needed)) said.missing_scopes.emplace_back(needed);
  }
  std::copy_if(scopes.begin(), scopes.end(), std::back_inserter(said.excess_scopes),
               [](const std::string& scope) { return !holds(not_too_wide, scope); });
  said.scopes = std::move(scopes);
}

// What the token says of itself: proves it good even if it may do nothing but push.
Result<> read_self(const http::Reply& reply, const Target& target, Verification& said) {
  // 400: no personal token; 404: a GitLab before 15.5. Either may still be good.
  if (reply.status == 400 || (reply.status == 404 && reply.is_json())) return {};
  if (reply.status != 200) {
    const Error error = gitlab_refusal(reply, target);
    // A fine-grained token may not even read of itself; it is good all the same.
    if (error.code == Errc::scope_missing) return {};
    return error;
  }
  Result<json::value> token = gitlab_json(reply, target);
  if (!token) return token.error();
  if (flag_of(*token, "revoked")) {
    return Error{.code = Errc::token_rejected,
                 .message = "The token was revoked.",
                 .hint = "Create a new one and use it.",
                 .url = gitlab_token_page(target)};
  }
  // A date: the token dies at its first second (UTC).
  said.expires_at = believable_expiry(time_of(*token, "expires_at"), forge);
  const json::value* scopes = member_of(*token, "scopes");
  // Fine-grained tokens carry scopes that mean nothing.
  if (scopes != nullptr && !flag_of(*token, "granular")) check_scopes(said, texts_of(scopes));
  return {};
}

// A token of a sign-in cannot read of itself by the API, but at /oauth/token/info; a dead one is told by
// /user, in the API's own way.
void read_oauth_info(const http::Reply& reply, Verification& said) {
  if (reply.status != 200) return;
  Result<json::value> info = json_of(reply, forge);
  if (!info) return;
  const json::value* scopes = member_of(*info, "scope");
  if (scopes == nullptr) scopes = member_of(*info, "scopes");
  if (scopes != nullptr && scopes->is_array()) check_scopes(said, texts_of(scopes));
}

Result<ForgeAccount> account_of(const http::Reply& reply, const Target& target) {
  Result<json::value> user = gitlab_json(reply, target);
  if (!user) return user.error();
  const auto id = id_of(*user, "id");
  if (!id) return Error{.code = Errc::forge_error, .message = "GitLab did not say whose token it is."};
  const auto state = text_of(*user, "state");
  if (state && *state != "active") {
    return Error{.code = Errc::forge_error,
                 .message = fmt::format("The GitLab account is not active but {}.", shown(*state, target))};
  }
  ForgeAccount account{.id = *id,
                       .login = text_of(*user, "username"),
                       .display_name = text_of(*user, "name"),
                       .email = text_of(*user, "email")};
  for (const char* field : {"email", "commit_email", "public_email"}) {
    const auto email = text_of(*user, field);
    if (email && !holds(account.own_emails, *email)) account.own_emails.push_back(*email);
  }
  return cleaned(std::move(account), target);
}

}  // namespace

std::string gitlab_root(const Target& target) {
  return target.server_url ? *target.server_url : target.endpoints->of("gitlab", "root");
}

std::string gitlab_api(const Target& target) { return gitlab_root(target) + "/api/v4"; }

http::Request gitlab_request(const Target& target, std::string url) {
  using Scheme = http::Authorization::Scheme;
  // PRIVATE-TOKEN is for personal, project and group tokens alone.
  return {.url = std::move(url),
          .headers = {{"Accept", "application/json"}},
          .authorization = {.scheme = target.oauth ? Scheme::bearer : Scheme::private_token,
                            .user = "",
                            .secret = target.token},
          .follow_within_origin = true,  // a project that was moved
          .connection = target.connection};
}

bool gitlab_marks(const http::Reply& reply) {
  const auto own = reply.headers.lower_bound("x-gitlab-");
  return reply.is_json() || (own != reply.headers.end() && own->first.starts_with("x-gitlab-"));
}

Error gitlab_refusal(const http::Reply& reply, const Target& target) {
  if (auto limited = rate_limit_of(reply, forge)) return *std::move(limited);
  if (is_of_another(reply, gitlab_marks(reply))) return answered_by_another(reply, target, forge);
  switch (reply.status) {
    case 401:
      return {.code = Errc::token_rejected,
              .message = "GitLab refused the token: it is wrong, has expired or was revoked.",
              .hint = "Create a new one and use it.",
              .url = gitlab_token_page(target)};
    case 403:
      return forbidden(reply, target);
    case 404:
      if (!reply.is_json()) return not_a_gitlab(reply, target);
      return {.code = Errc::not_found, .message = "GitLab: not found or not visible to this token."};
    default:
      return unexpected(reply, target, forge);
  }
}

Result<json::value> gitlab_json(const http::Reply& reply, const Target& target) {
  // A page, as for a person who has to sign in: some other program's, or one above the GitLab's sub-path.
  if (!reply.is_json()) return not_a_gitlab(reply, target);
  return json_of(reply, forge);
}

std::string gitlab_token_page(const Target& target) {
  return with_query(gitlab_root(target) + "/-/user_settings/personal_access_tokens",
                    {{"name", "Forgelink"},
                     {"description", "Forgelink on this computer"},
                     {"scopes", "read_user,read_api,write_repository,self_rotate"}});
}

std::vector<Scope> gitlab_scopes() {
  return {{"read_api", "to list projects and read their commits", true},
          {"write_repository", "to clone and push", true},
          {"self_rotate", "to renew the token before its end (forgelink renew)", false},
          {"read_user", "to read your account's profile; read_api covers it", false}};
}

std::vector<std::string> gitlab_git_roots(const Target& target) { return {gitlab_root(target)}; }

GitLogin gitlab_git_login(const Target& target) {
  if (target.oauth) return {"oauth2"};
  return {target.username.value_or(target.login.value_or("oauth2"))};
}

std::string gitlab_noreply_email(std::string_view host, std::string_view account_id, std::string_view login) {
  return fmt::format("{}-{}@users.noreply.{}", account_id, login, host.empty() ? "gitlab.com" : host);
}

awaitable<Result<Verification>> gitlab_verify(http::Client& client, Target target) {
  const std::string about = target.oauth ? gitlab_root(target) + "/oauth/token/info"
                                         : gitlab_api(target) + "/personal_access_tokens/self";
  http::Request self = gitlab_request(target, about);
  Result<http::Reply> token = co_await client.send(std::move(self));
  if (!token) co_return token.error();
  Verification said;
  if (target.oauth) {
    read_oauth_info(*token, said);
  } else {
    Result<> read = read_self(*token, target, said);
    if (!read) co_return read.error();
  }

  http::Request who = gitlab_request(target, gitlab_api(target) + "/user");
  Result<http::Reply> user = co_await client.send(std::move(who));
  if (!user) co_return user.error();
  if (user->status != 200) {
    const Error error = gitlab_refusal(*user, target);
    // A good token with too few scopes.
    if (error.code == Errc::scope_missing && (token->status == 200 || token->status == 403)) co_return said;
    co_return error;
  }
  Result<ForgeAccount> account = account_of(*user, target);
  if (!account) co_return account.error();
  said.account = std::move(*account);
  co_return said;
}

// Projects are named by a number or by their whole path as one encoded segment.
ForgeApi gitlab_client_api() {
  return {.root = gitlab_api,
          .graphql = [](const Target& target) { return gitlab_root(target) + "/api/graphql"; },
          .request = gitlab_request,
          .repository = [](const PathSegments& path) -> std::optional<std::string> {
            if (path.size() < 2 || path[0] != "projects" || path[1].find('/') == std::string::npos)
              return std::nullopt;
            return path[1];
          }};
}

}  // namespace forgelink::forges::gitlab
