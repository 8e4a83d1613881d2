// SPDX-License-Identifier: MIT
// A GitLab of one's own: any server, port and sub-path. Without its address nothing is asked: the token must
// not go to gitlab.com instead.
#include "providers/forges/gitlab/gitlab_self_managed.hpp"
#include "providers/forges/gitlab/gitlab_api.hpp"
#include "providers/forges/token_shapes.hpp"

namespace forgelink::forges::gitlab::self_managed {
namespace {

Error no_server() {
  return {.code = Errc::server_url_required,
          .message = "GitLab self-managed needs the address of its server.",
          .field = "server_url",
          .hint = "As https://gitlab.example or https://host/sub-path."};
}

std::string token_page(const Target& target) {
  if (target.server_url) return gitlab_token_page(target);
  const Endpoints nowhere{.gitlab_root = "{server_url}"};
  return gitlab_token_page({.endpoints = &nowhere});
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
          .scopes = gitlab_scopes(),
          .notices = {{"2023-05-22", "From GitLab 16.0 on every token has an end, a year away at most.",
                       "https://docs.gitlab.com/user/profile/personal_access_tokens/"}},
          .self_hosted = true,
          .token_page = token_page,
          .token_trouble = [](std::string_view token) { return foreign_token(token, "GitLab"); },
          .git_roots = git_roots,
          .git_login = gitlab_git_login,
          .verify = verify,
          .repositories = repositories,
          .commits = commits};
}

}  // namespace forgelink::forges::gitlab::self_managed
