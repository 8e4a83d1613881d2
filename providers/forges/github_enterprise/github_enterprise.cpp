// SPDX-License-Identifier: MIT
// GitHub Enterprise Server, and GitHub Enterprise Cloud with data residency (https://SUB.ghe.com). The API is
// GitHub's (forges/github); the address of the API, the version header and the places differ.
#include "providers/forges/github_enterprise/github_enterprise.hpp"

#include "providers/forges/github/github_api.hpp"
#include "providers/forges/github/github_oauth.hpp"
#include "providers/forges/github/github_revoke.hpp"
#include "providers/forges/token_shapes.hpp"

namespace forgelink::forges::github_enterprise {
namespace {

constexpr std::string_view examples = "https://github.example or https://SUB.ghe.com";

Error no_server() {
  return {.code = Errc::server_url_required,
          .message = "GitHub Enterprise needs the address of its server.",
          .field = "server_url",
          .hint = "As " + std::string(examples) + "."};
}

// The server has the whole host: whatever follows it is a page. A tenant's API has a host of its own.
Result<std::string> server_root(const WebAddress& address) {
  Origin origin = address.origin();
  if (origin.host == "github.com" || origin.host.ends_with(".github.com")) {
    return invalid("server_url", "This is github.com, which is no server of one's own.",
                   "Take the type github.");
  }
  if (origin.host.ends_with(".ghe.com") && origin.host.starts_with("api.")) origin.host.erase(0, 4);
  if (origin.host == "ghe.com") {
    return invalid("server_url", "The address of a tenant on ghe.com begins with its name.",
                   "As https://SUB.ghe.com.");
  }
  return origin.text();
}

std::string token_page(const Target& target) {
  if (target.server_url) return github::github_token_page(target);
  return github::github_token_page({.endpoints = target.endpoints, .server_url = "{server_url}"});
}

std::vector<std::string> git_roots(const Target& target) {
  if (!target.server_url) return {};
  return {*target.server_url};
}

// What answers with "not found" to the question who it is talking to is no GitHub.
awaitable<Result<Verification>> verify(http::Client& client, Target target) {
  if (!target.server_url) co_return no_server();
  const std::string server = *target.server_url;
  Result<Verification> said = co_await github::github_verify(client, std::move(target));
  if (said || said.error().code != Errc::not_found) co_return said;
  co_return Error{.code = Errc::forge_error,
                  .message = "There is no GitHub Enterprise at " + server + ": its API is not there.",
                  .field = "server_url",
                  .hint = "Give the address of the server, as " + std::string(examples) + "."};
}

awaitable<Result<Page<Repository>>> repositories(http::Client& client, Target target, std::string next,
                                                 std::size_t limit) {
  if (!target.server_url) co_return no_server();
  Result<Page<Repository>> page =
      co_await github::github_repositories(client, std::move(target), std::move(next), limit);
  co_return page;
}

awaitable<Result<Page<Commit>>> commits(http::Client& client, Target target, CommitQuery query,
                                        std::string next, std::size_t limit) {
  if (!target.server_url) co_return no_server();
  Result<Page<Commit>> page =
      co_await github::github_commits(client, std::move(target), std::move(query), std::move(next), limit);
  co_return page;
}

// As on github.com, with the server's own host.
std::string noreply_email(std::string_view host, std::string_view account_id, std::string_view login) {
  if (host.empty()) return "";
  return std::string(account_id) + "+" + std::string(login) + "@users.noreply." + std::string(host);
}

}  // namespace

Provider provider() {
  return {
      .id = "github-enterprise",
      .label = "GitHub Enterprise",
      .fields = {{"name", "Name", true, false, "What you call this connection."},
                 {"server_url", "Server", true, false,
                  "The address of your GitHub Enterprise: https://github.example or https://SUB.ghe.com."},
                 {"username", "Username", false, false,
                  "Your user name there; it decides how commit authors are shown."},
                 {"token", "Personal access token", false, true,
                  "From that server's page for tokens; classic (ghp_) or fine-grained (github_pat_)."}},
      .oauth = &github::enterprise_oauth_dialect(),
      .revocation = &github::enterprise_revocation(),
      .scopes = github::github_scopes(),
      .notices = {},
      .self_hosted = true,
      .server_example = examples,
      .server_root = server_root,
      .recognition = {.programs = {"gh"},
                      .token_prefixes = {"ghp_", "github_pat_", "gho_", "ghu_"},
                      .marks_decide = true},
      .noreply_email = noreply_email,
      .token_page = token_page,
      .token_trouble = [](std::string_view token) { return foreign_token(token, "GitHub"); },
      .git_roots = git_roots,
      .git_login = github::github_git_login,
      .api = github::github_client_api(""),
      // https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
      .marks_own_answer =
          [](const http::Reply& reply) { return !reply.header("x-github-request-id").empty(); },
      .verify = verify,
      .repositories = repositories,
      .commits = commits};
}

}  // namespace forgelink::forges::github_enterprise
