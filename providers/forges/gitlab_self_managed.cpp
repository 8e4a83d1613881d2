// A GitLab of one's own: any server, port and sub-path.
#include "providers/forges/forges.hpp"
#include "providers/forges/gitlab_api.hpp"
#include "providers/forges/token_shapes.hpp"

namespace forgelink::forges {

Provider gitlab_self_managed() {
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
          .token_page = gitlab_token_page,
          .token_trouble = [](std::string_view token) { return foreign_token(token, "GitLab"); },
          .git_roots = gitlab_git_roots,
          .git_login = gitlab_git_login,
          .verify = gitlab_verify,
          .repositories = gitlab_repositories,
          .commits = gitlab_commits};
}

}  // namespace forgelink::forges
