// GitLab's REST API, version 4: what gitlab.com and a GitLab of one's own share (providers section 4).
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges {

// The web root of the connection's GitLab, sub-path included.
std::string gitlab_root(const Target& target);

std::string gitlab_token_page(const Target& target);
std::vector<Scope> gitlab_scopes();
std::vector<std::string> gitlab_git_roots(const Target& target);
GitLogin gitlab_git_login(const Target& target);

awaitable<Result<Verification>> gitlab_verify(http::Client& client, Target target);
awaitable<Result<Page<Repository>>> gitlab_repositories(http::Client& client, Target target, std::string next,
                                                        std::size_t limit);
awaitable<Result<Page<Commit>>> gitlab_commits(http::Client& client, Target target, CommitQuery query,
                                               std::string next, std::size_t limit);

}  // namespace forgelink::forges
