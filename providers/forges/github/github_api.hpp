// SPDX-License-Identifier: MIT
// GitHub's REST API (providers section 3): what a question looks like, what a refusal means, and the lists.
#pragma once

#include "providers/forges/reply_reader.hpp"
#include "providers/provider.hpp"

namespace forgelink::forges::github {

// How messages name the forge.
inline constexpr std::string_view forge = "GitHub";

http::Request github_request(const Target& target, std::string url);

// The page for classic tokens with name and scopes filled in: only they reach every organization at once.
std::string github_token_page(const Target& target);

Error github_refusal(const http::Reply& reply, const Target& target);

awaitable<Result<Page<Repository>>> github_repositories(http::Client& client, Target target, std::string next,
                                                        std::size_t limit);
awaitable<Result<Page<Commit>>> github_commits(http::Client& client, Target target, CommitQuery query,
                                               std::string next, std::size_t limit);

}  // namespace forgelink::forges::github
