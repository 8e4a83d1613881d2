// SPDX-License-Identifier: MIT
// GitHub at github.com (docs/forges.md 3).
#include <fmt/format.h>

#include <algorithm>

#include "providers/forges/github/github.hpp"
#include "providers/forges/github/github_api.hpp"
#include "providers/forges/github/github_oauth.hpp"
#include "providers/forges/github/github_revoke.hpp"
#include "providers/forges/token_shapes.hpp"

namespace forgelink::forges::github {
namespace {

// "2027-02-01 00:00:00 UTC" and "2027-02-01 00:00:00 +0900" have been seen.
std::optional<Time> expiry_of(const http::Reply& reply) {
  std::string text(reply.header("github-authentication-token-expiration"));
  if (text.ends_with(" UTC")) text.replace(text.size() - 4, 4, "Z");
  if (const auto space = text.rfind(' '); space != std::string::npos && space > 11) text.erase(space, 1);
  return parse_time(text);
}

// An absent or empty header is what fine-grained tokens come with: not "no rights", but "not told".
void check_scopes(Verification& said, std::vector<std::string> scopes) {
  if (scopes.empty()) return;
  static const std::vector<std::string> not_too_wide = {
      "repo",        "workflow",    "read:user",       "user:email",
      "public_repo", "repo:status", "repo_deployment", "repo:invite",
      "read:org",    "gist",        "security_events"};
  if (!holds(scopes, "repo")) said.missing_scopes.emplace_back("repo");
  std::copy_if(scopes.begin(), scopes.end(), std::back_inserter(said.excess_scopes),
               [](const std::string& scope) { return !holds(not_too_wide, scope); });
  said.scopes = std::move(scopes);
}

// The account's own addresses. Nice to have: a refusal changes nothing.
awaitable<> add_emails(http::Client& client, Target target, ForgeAccount& account) {
  http::Request request = github_request(target, github_api(target) + "/user/emails");
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply || reply->status != 200) co_return;
  Result<json::value> body = json_of(*reply, forge);
  const json::array* list = body ? list_of(*body) : nullptr;
  if (list == nullptr) co_return;
  for (const json::value& item : *list) {
    const auto email = text_of(item, "email");
    if (!email || !flag_of(item, "verified")) continue;
    if (flag_of(item, "primary") && !account.email) account.email = email;
    if (!holds(account.own_emails, *email)) account.own_emails.push_back(*email);
  }
}

// A good token without a user: an installation of a GitHub App, as GitHub Actions has (docs.github.com,
// "Authenticating as a GitHub App installation").
std::optional<Verification> without_user_behind(const http::Reply& reply, const Target& target) {
  const bool refused = reply.status == 403 && github_marks(reply);
  if (!refused || message_of(reply, target).find("not accessible by integration") == std::string::npos)
    return std::nullopt;
  return Verification{.settled = false,
                      .hint =
                          "An installation token of a GitHub App has no user to ask for; git will tell "
                          "whether it works."};
}

}  // namespace

awaitable<Result<Verification>> github_verify(http::Client& client, Target target) {
  http::Request request = github_request(target, github_api(target) + "/user");
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (auto said = without_user_behind(*reply, target)) co_return *std::move(said);
  if (reply->status != 200) co_return github_refusal(*reply, target);
  Result<json::value> user = json_of(*reply, forge);
  if (!user) co_return user.error();
  const auto id = id_of(*user, "id");
  const auto login = text_of(*user, "login");
  if (!id || !login)
    co_return Error{.code = Errc::forge_error, .message = "GitHub did not say whose token it is."};

  ForgeAccount account{
      .id = *id, .login = login, .display_name = text_of(*user, "name"), .email = text_of(*user, "email")};
  if (account.email) account.own_emails = {*account.email};
  Verification said;
  said.expires_at = believable_expiry(expiry_of(*reply), forge);
  check_scopes(said, words_of(reply->header("x-oauth-scopes")));
  // Asked only where it is of use and the answer is allowed.
  const bool may_read_emails =
      !account.email && said.scopes && (holds(*said.scopes, "user:email") || holds(*said.scopes, "user"));
  if (may_read_emails) co_await add_emails(client, target, account);
  said.account = cleaned(std::move(account), target);
  co_return said;
}

// GitHub ignores the name; one that tells what the token is keeps other helpers tidy.
GitLogin github_git_login(const Target& target) {
  if (target.oauth) return {"x-access-token"};
  return {target.username.value_or(target.login.value_or("x-access-token"))};
}

std::vector<Scope> github_scopes() {
  return {{"repo", "to list private repositories, read their commits, clone and push", true},
          {"workflow", "to push changes of files under .github/workflows", false},
          {"read:user", "to read your account's profile", false},
          {"user:email", "to know your own address among commit authors", false}};
}

namespace {

std::vector<std::string> git_roots(const Target& target) {
  const std::string web = github_web(target);
  if (web != "https://github.com") return {web};
  return {web, "https://gist.github.com", "https://www.github.com"};
}

// https://docs.github.com/account-and-profile, "Setting your commit email address".
std::string noreply_email(std::string_view host, std::string_view account_id, std::string_view login) {
  return fmt::format("{}+{}@users.noreply.{}", account_id, login, host.empty() ? "github.com" : host);
}

}  // namespace

Provider provider() {
  return {
      .id = "github",
      .label = "GitHub",
      .fields = {{"name", "Name", true, false, "What you call this connection."},
                 {"username", "Username", false, false,
                  "Your GitHub user name; it decides how commit authors are shown."},
                 {"token", "Personal access token", false, true,
                  "From GitHub's page for tokens; classic (ghp_) or fine-grained (github_pat_)."}},
      .oauth = &oauth_dialect(),
      .revocation = &revocation(),
      .scopes = github_scopes(),
      .notices =
          {{"2025-07-14", "OAuth apps may use PKCE; Forgelink always does.",
            "https://github.blog/changelog/2025-07-14-pkce-support-for-oauth-and-github-app-authentication/"},
           {"2026-03-10", "A new version of the REST API; the one before stays for at least 24 months.",
            "https://docs.github.com/rest/about-the-rest-api/api-versions"}},
      .default_sign_in = true,
      .endpoints = {{"web", "https://github.com"}, {"api", "https://api.github.com"}},
      .refuse_server =
          [] {
            return invalid("server_url", "GitHub has no server of its own to name.",
                           "For a server of your own, or one on ghe.com, take the type github-enterprise.");
          },
      .recognition = {.host_aliases = {"api.github.com", "ssh.github.com"}, .programs = {"gh"}},
      .noreply_email = noreply_email,
      .token_page = github_token_page,
      .token_trouble = [](std::string_view token) { return foreign_token(token, forge); },
      .git_roots = git_roots,
      .git_login = github_git_login,
      .api = github_client_api("api.github.com"),
      .marks_own_answer = github_marks,
      .verify = github_verify,
      .repositories = github_repositories,
      .commits = github_commits};
}

}  // namespace forgelink::forges::github
