// SPDX-License-Identifier: MIT
// Bitbucket's REST API (docs/forges.md 5): what a question looks like, what a refusal means, and the
// lists.
#pragma once

#include "providers/forges/reply_reader.hpp"
#include "providers/provider.hpp"

namespace forgelink::forges::bitbucket {

// How messages name the forge.
inline constexpr std::string_view forge = "Bitbucket";

inline constexpr const char* bitbucket_token_page =
    "https://id.atlassian.com/manage-profile/security/api-tokens";

// Repository, project and workspace access tokens: bots without an identity.
bool is_bitbucket_access_token(const Target& target);

std::string bitbucket_web(const Target& target);
std::string bitbucket_api(const Target& target);

http::Request bitbucket_request(const Target& target, std::string url);

// Bitbucket refuses in JSON, or names its realm.
bool bitbucket_marks(const http::Reply& reply);
Error bitbucket_refusal(const http::Reply& reply, const Target& target);

awaitable<Result<Page<Repository>>> bitbucket_repositories(http::Client& client, Target target,
                                                           std::string next, std::size_t limit);
awaitable<Result<Page<Commit>>> bitbucket_commits(http::Client& client, Target target, CommitQuery query,
                                                  std::string next, std::size_t limit);

}  // namespace forgelink::forges::bitbucket
