// SPDX-License-Identifier: MIT
// GitLab (gitlab.com).
#include "providers/forges/gitlab/gitlab.hpp"
#include "providers/forges/gitlab/gitlab_api.hpp"
#include "providers/forges/gitlab/gitlab_oauth.hpp"
#include "providers/forges/gitlab/gitlab_tokens.hpp"
#include "providers/forges/token_shapes.hpp"

namespace forgelink::forges::gitlab {

Provider provider() {
  return {.id = "gitlab",
          .label = "GitLab",
          .fields = {{"name", "Name", true, false, "What you call this connection."},
                     {"username", "Username", false, false,
                      "Your GitLab user name; it decides how commit authors are shown."},
                     {"token", "Personal access token", false, true,
                      "From GitLab's page for tokens; begins with glpat-."}},
          .oauth = &oauth_dialect(),
          .revocation = &revocation(),
          .rotation = &rotation(),
          .scopes = gitlab_scopes(),
          .notices = {{"2023-05-22", "Every token has an end, a year away at most.",
                       "https://docs.gitlab.com/user/profile/personal_access_tokens/"}},
          .endpoints = {{"root", "https://gitlab.com"}},
          .refuse_server =
              [] {
                return invalid("server_url", "GitLab has no server of its own to name.",
                               "For a GitLab of your own take the type gitlab-self-managed.");
              },
          .recognition = {.host_aliases = {"altssh.gitlab.com"}, .programs = {"glab"}},
          .noreply_email = gitlab_noreply_email,
          .token_page = gitlab_token_page,
          .token_trouble = [](std::string_view token) { return foreign_token(token, "GitLab"); },
          .git_roots = gitlab_git_roots,
          .git_login = gitlab_git_login,
          .api = gitlab_client_api(),
          .marks_own_answer = gitlab_marks,
          .verify = gitlab_verify,
          .repositories = gitlab_repositories,
          .commits = gitlab_commits};
}

}  // namespace forgelink::forges::gitlab
