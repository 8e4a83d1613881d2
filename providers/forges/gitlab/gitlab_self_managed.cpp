// SPDX-License-Identifier: MIT
// A GitLab of one's own: any server, port and sub-path. Without its address nothing is asked: the token must
// not go to gitlab.com instead.
#include "providers/forges/gitlab/gitlab_self_managed.hpp"
#include "base/text.hpp"
#include "providers/forges/gitlab/gitlab_api.hpp"
#include "providers/forges/gitlab/gitlab_oauth.hpp"
#include "providers/forges/gitlab/gitlab_tokens.hpp"
#include "providers/forges/token_shapes.hpp"
#include "providers/server_url.hpp"

namespace forgelink::forges::gitlab::self_managed {
namespace {

Error no_server() {
  return {.code = Errc::server_url_required,
          .message = "GitLab self-managed needs the address of its server.",
          .field = "server_url",
          .hint = "As https://gitlab.example or https://host/sub-path."};
}

// A page of the API or of a project says where the root is only by what GitLab alone puts into an address.
// What stands before "/-/" may be a project as well as a sub-path, so that is left to the person.
Result<std::string> server_root(const WebAddress& address) {
  const std::string root = cut_at(address, {"api"});
  const std::string path = lower_case(address.path);
  if (root != address.origin().text() + address.path && path.find("/api/v4") == std::string::npos)
    return address.origin().text() + address.path;  // a sub-path called api
  if (path.find("/-/") != std::string::npos || path.ends_with(".git") || path.ends_with("/users/sign_in")) {
    return invalid(
        "server_url", "This is the address of a page or repository, not of the GitLab server.",
        "Give the server alone, as " + address.origin().text() + ", with its sub-path if it has one.");
  }
  return root;
}

std::string token_page(const Target& target) {
  if (target.server_url) return gitlab_token_page(target);
  return gitlab_token_page({.endpoints = target.endpoints, .server_url = "{server_url}"});
}

std::vector<std::string> git_roots(const Target& target) {
  if (!target.server_url) return {};
  return {*target.server_url};
}

awaitable<Result<Verification>> verify(http::Client& client, Target target) {
  if (!target.server_url) co_return no_server();
  Result<Verification> said = co_await gitlab_verify(client, std::move(target));
  co_return said;
}

awaitable<Result<Page<Repository>>> repositories(http::Client& client, Target target, std::string next,
                                                 std::size_t limit) {
  if (!target.server_url) co_return no_server();
  Result<Page<Repository>> page =
      co_await gitlab_repositories(client, std::move(target), std::move(next), limit);
  co_return page;
}

awaitable<Result<Page<Commit>>> commits(http::Client& client, Target target, CommitQuery query,
                                        std::string next, std::size_t limit) {
  if (!target.server_url) co_return no_server();
  Result<Page<Commit>> page =
      co_await gitlab_commits(client, std::move(target), std::move(query), std::move(next), limit);
  co_return page;
}

}  // namespace

Provider provider() {
  return {.id = "gitlab-self-managed",
          .label = "GitLab self-managed",
          .fields = {{"name", "Name", true, false, "What you call this connection."},
                     {"server_url", "Server", true, false,
                      "The address of your GitLab, with its sub-path if it has one: https://host/gitlab."},
                     {"username", "Username", false, false,
                      "Your user name there; it decides how commit authors are shown."},
                     {"token", "Personal access token", false, true, "From your GitLab's page for tokens."}},
          .oauth = &gitlab::self_managed_oauth_dialect(),
          .revocation = &gitlab::revocation(),
          .rotation = &gitlab::rotation(),
          .scopes = gitlab_scopes(),
          .notices = {{"2023-05-22", "From GitLab 16.0 on every token has an end, a year away at most.",
                       "https://docs.gitlab.com/user/profile/personal_access_tokens/"}},
          .self_hosted = true,
          .server_example = "https://gitlab.example or https://host/sub-path",
          .server_root = server_root,
          .recognition = {.programs = {"glab"}, .token_prefixes = {"glpat-"}},
          .noreply_email = gitlab_noreply_email,
          .token_page = token_page,
          .token_trouble = [](std::string_view token) { return foreign_token(token, "GitLab"); },
          .git_roots = git_roots,
          .git_login = gitlab_git_login,
          .api = gitlab_client_api(),
          .marks_own_answer = gitlab_marks,
          .verify = verify,
          .repositories = repositories,
          .commits = commits};
}

}  // namespace forgelink::forges::gitlab::self_managed
