// SPDX-License-Identifier: MIT
// GitHub's REST API (docs/forges.md 3): what a question looks like, what a refusal means, and the lists.
#pragma once

#include "providers/forges/reply_reader.hpp"
#include "providers/provider.hpp"

namespace forgelink::forges::github {

// How messages name the forge.
inline constexpr std::string_view forge = "GitHub";

// The web root of the connection's GitHub, and its API: those of github.com, or of the connection's own
// server.
std::string github_web(const Target& target);
std::string github_api(const Target& target);

// The REST API as clients ask it. `client_host`: the host that gh asks for where it is not the API's own.
ForgeApi github_client_api(std::string_view client_host);

http::Request github_request(const Target& target, std::string url);

// The page for classic tokens with name and scopes filled in: only they reach every organization at once.
std::string github_token_page(const Target& target);

std::vector<Scope> github_scopes();
GitLogin github_git_login(const Target& target);

awaitable<Result<Verification>> github_verify(http::Client& client, Target target);
// X-GitHub-Request-Id comes with every answer of GitHub's, and with no other's.
bool github_marks(const http::Reply& reply);

// An installation token of a GitHub App: no user stands behind it.
bool is_installation_token(const Target& target);

Error github_refusal(const http::Reply& reply, const Target& target);

awaitable<Result<Page<Repository>>> github_repositories(http::Client& client, Target target, std::string next,
                                                        std::size_t limit);
awaitable<Result<Page<Commit>>> github_commits(http::Client& client, Target target, CommitQuery query,
                                               std::string next, std::size_t limit);

}  // namespace forgelink::forges::github
