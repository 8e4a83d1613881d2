// SPDX-License-Identifier: MIT
// GitLab's REST API, version 4: what gitlab.com and a GitLab of one's own share (docs/forges.md 4).
#pragma once

#include "providers/forges/reply_reader.hpp"
#include "providers/provider.hpp"

namespace forgelink::forges::gitlab {

// How messages name the forge.
inline constexpr std::string_view forge = "GitLab";

// The web root of the connection's GitLab, sub-path included, and its API.
std::string gitlab_root(const Target& target);
std::string gitlab_api(const Target& target);

http::Request gitlab_request(const Target& target, std::string url);

// GitLab refuses in JSON, or with headers of its own (X-Gitlab-Meta).
bool gitlab_marks(const http::Reply& reply);
Error gitlab_refusal(const http::Reply& reply, const Target& target);

// The body as JSON; what is none comes from something that is no GitLab.
Result<json::value> gitlab_json(const http::Reply& reply, const Target& target);

// The REST API as clients ask it.
ForgeApi gitlab_client_api();

std::string gitlab_token_page(const Target& target);
std::vector<Scope> gitlab_scopes();
std::vector<std::string> gitlab_git_roots(const Target& target);
GitLogin gitlab_git_login(const Target& target);
// https://docs.gitlab.com/user/profile/, "Use an automatically generated private commit email".
std::string gitlab_noreply_email(std::string_view host, std::string_view account_id, std::string_view login);

awaitable<Result<Verification>> gitlab_verify(http::Client& client, Target target);
awaitable<Result<Page<Repository>>> gitlab_repositories(http::Client& client, Target target, std::string next,
                                                        std::size_t limit);
awaitable<Result<Page<Commit>>> gitlab_commits(http::Client& client, Target target, CommitQuery query,
                                               std::string next, std::size_t limit);

}  // namespace forgelink::forges::gitlab
