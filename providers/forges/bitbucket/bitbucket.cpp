// SPDX-License-Identifier: MIT
// Bitbucket at bitbucket.org (docs/forges.md 5). App passwords are dead since 28 July 2026; API tokens
// replace them, with the Atlassian account's address for REST and a fixed user name for git.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "providers/forges/bitbucket/bitbucket.hpp"
#include "providers/forges/bitbucket/bitbucket_api.hpp"
#include "providers/forges/bitbucket/bitbucket_oauth.hpp"
#include "providers/forges/token_shapes.hpp"

namespace forgelink::forges::bitbucket {
namespace {

void check_scopes(Verification& said, std::vector<std::string> scopes) {
  static const std::vector<std::string> needed = {"read:user:bitbucket", "read:workspace:bitbucket",
                                                  "read:repository:bitbucket", "write:repository:bitbucket"};
  if (scopes.empty()) return;
  std::copy_if(needed.begin(), needed.end(), std::back_inserter(said.missing_scopes),
               [&](const std::string& scope) { return !holds(scopes, scope); });
  std::copy_if(scopes.begin(), scopes.end(), std::back_inserter(said.excess_scopes),
               [](const std::string& scope) { return !holds(needed, scope); });
  said.scopes = std::move(scopes);
}

// The scopes of OAuth consumers have other names, and writing includes reading there.
void check_oauth_scopes(Verification& said, std::vector<std::string> scopes) {
  if (scopes.empty()) return;
  if (!holds(scopes, "account") && !holds(scopes, "account:write"))
    said.missing_scopes.emplace_back("account");
  if (!holds(scopes, "repository:write") && !holds(scopes, "repository:admin"))
    said.missing_scopes.emplace_back("repository:write");
  said.scopes = std::move(scopes);
}

// What cannot be asked about, and why.
std::optional<Verification> unsettled(const Target& target) {
  Verification said{.settled = false};
  if (is_bitbucket_access_token(target)) {
    said.hint =
        "An access token of a repository, project or workspace has no account to ask for; git will tell "
        "whether "
        "it works.";
    return said;
  }
  if (target.oauth || target.email) return std::nullopt;
  said.hint = "Give the email of the Atlassian account as well, so that the token can be verified.";
  return said;
}

// Whether the typed user name is that account's.
Result<> check_username(const std::string& login, const Target& target) {
  if (!target.username || equal_ignoring_case(*target.username, login)) return {};
  return Error{
      .code = Errc::username_mismatch,
      .message = fmt::format("The token belongs to the Bitbucket profile {}, not to {}.",
                             shown(login, target), *target.username),
      .field = "username",
      .hint =
          "The profile's username stands under Personal Bitbucket settings, Account settings, Bitbucket "
          "profile settings."};
}

Result<ForgeAccount> account_of(const json::value& user, const Target& target) {
  const auto id = text_of(user, "uuid");
  auto login = text_of(user, "username");
  if (!login) login = text_of(user, "nickname");
  if (!id || !login)
    return Error{.code = Errc::forge_error, .message = "Bitbucket did not say whose token it is."};
  if (Result<> same = check_username(*login, target); !same) return same.error();
  ForgeAccount account{
      .id = *id, .login = login, .display_name = text_of(user, "display_name"), .email = target.email};
  if (target.email) account.own_emails = {*target.email};
  return cleaned(std::move(account), target);
}

awaitable<Result<Verification>> verify(http::Client& client, Target target) {
  if (auto said = unsettled(target)) {
    // Whose it is was known before the email went.
    Result<> same = target.login ? check_username(*target.login, target) : Result<>();
    if (!same) co_return same.error();
    co_return *std::move(said);
  }
  http::Request request = bitbucket_request(target, bitbucket_api(target) + "/user");
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  Verification said;
  if (reply->status != 200) {
    const Error error = bitbucket_refusal(*reply, target);
    if (error.code != Errc::scope_missing) co_return error;
    // A good token with too few scopes; whose it is stays unknown.
    check_scopes(said, texts_of(error.details.if_contains("granted")));
    if (said.missing_scopes.empty()) said.missing_scopes.emplace_back("read:user:bitbucket");
    said.hint =
        "The token may not read your account (read:user:bitbucket), so the username could not be checked.";
    co_return said;
  }
  Result<json::value> user = json_of(*reply, forge);
  if (!user) co_return user.error();
  Result<ForgeAccount> account = account_of(*user, target);
  if (!account) co_return account.error();
  said.account = std::move(*account);
  std::vector<std::string> scopes = words_of(reply->header("x-oauth-scopes"));
  if (target.oauth) {
    check_oauth_scopes(said, std::move(scopes));
  } else {
    check_scopes(said, std::move(scopes));
  }
  co_return said;
}

std::optional<Error> token_trouble(std::string_view token) {
  if (!token.starts_with("ATBB")) return foreign_token(token, forge);
  Error error =
      invalid("token", "This is an app password, and Bitbucket has switched off all of them on 28 July 2026.",
              "Make an API token with scopes (app: Bitbucket) instead.");
  error.url = bitbucket_token_page;
  return error;
}

// Never the email (docs/forges.md 5.3): git wants a fixed name for the kind of token.
GitLogin git_login(const Target& target) {
  const bool bearer = target.oauth || is_bitbucket_access_token(target);
  return {bearer ? "x-token-auth" : "x-bitbucket-api-token-auth"};
}

std::optional<std::string> client_repository(const PathSegments& path) {
  if (path.empty() || path[0] != "repositories") return std::nullopt;
  return repository_at(path, 1, 2);
}

}  // namespace

Provider provider() {
  return {
      .id = "bitbucket",
      .label = "Bitbucket",
      .fields = {{"name", "Name", true, false, "What you call this connection."},
                 {"username", "Username", true, false,
                  "The username of your Bitbucket profile (Personal Bitbucket settings, Account settings)."},
                 {"email", "Email", false, false,
                  "The address of your Atlassian account; without it the token cannot be verified, nor "
                  "anything listed."},
                 {"token", "API token", false, true,
                  "An API token with scopes, app Bitbucket; begins with ATATT."},
                 {"expires_at", "Expires", false, false, "When the token ends; Bitbucket does not tell."}},
      .oauth = &oauth_dialect(),
      .scopes = {{"read:user:bitbucket", "to see whose token it is", true},
                 {"read:workspace:bitbucket", "to list your workspaces", true},
                 {"read:repository:bitbucket", "to list repositories, read commits and clone", true},
                 {"write:repository:bitbucket", "to push; it does not include reading", true}},
      .notices = {{"2026-04-14", "Lists across workspaces are gone; Forgelink asks each workspace.",
                   "https://developer.atlassian.com/cloud/bitbucket/changelog/#CHANGE-2770"},
                  {"2026-07-28", "App passwords do not work any more; API tokens replace them.",
                   bitbucket_token_page}},
      .endpoints = {{"web", "https://bitbucket.org"}, {"api", "https://api.bitbucket.org/2.0"}},
      .refuse_server =
          [] {
            return Error{
                .code = Errc::bitbucket_on_premise_unsupported,
                .message = "This type is for bitbucket.org; Bitbucket on premises is another one.",
                .field = "server_url",
                .hint = "For a Bitbucket Data Center or Server take the type bitbucket-data-center."};
          },
      .verified_fields = {"username", "email"},
      .recognition =
          {.host_aliases = {"api.bitbucket.org", "altssh.bitbucket.org"},
           .token_prefixes = {"ATATT", "ATCTT"},
           .dead_tokens = {{"ATBB",
                            "It is an app password, and Bitbucket takes none any more. Make an API "
                            "token."}}},
      .token_page = [](const Target&) { return std::string(bitbucket_token_page); },
      .token_trouble = token_trouble,
      .git_roots = [](const Target& target) { return std::vector<std::string>{bitbucket_web(target)}; },
      .git_login = git_login,
      .api = {.root = bitbucket_api, .request = bitbucket_request, .repository = client_repository},
      .marks_own_answer = bitbucket_marks,
      .verify = verify,
      .repositories = bitbucket_repositories,
      .commits = bitbucket_commits};
}

}  // namespace forgelink::forges::bitbucket
