// SPDX-License-Identifier: MIT
// The REST API of Bitbucket Data Center and Server: what a question looks like, what a refusal means, and the
// lists. https://developer.atlassian.com/server/bitbucket/rest/
#pragma once

#include "providers/forges/reply_reader.hpp"
#include "providers/provider.hpp"

namespace forgelink::forges::bitbucket_data_center {

// How messages name the forge.
inline constexpr std::string_view forge = "Bitbucket Data Center";

// X-AREQUESTID comes with every answer of the server's own, its realm with a refusal.
bool marks_own_answer(const http::Reply& reply);

// REQUIRES: the target has a server_url; without one nothing may be asked.
std::string rest_root(const Target& target);
http::Request request_to(const Target& target, std::string url);
Error refusal_of(const http::Reply& reply, const Target& target);

std::string token_page(const Target& target);

// The account behind the token. Nothing for a token of a project or repository, behind which is nobody.
awaitable<Result<std::optional<ForgeAccount>>> account_behind(http::Client& client, Target target);

awaitable<Result<Page<Repository>>> repositories(http::Client& client, Target target, std::string next,
                                                 std::size_t limit);
awaitable<Result<Page<Commit>>> commits(http::Client& client, Target target, CommitQuery query,
                                        std::string next, std::size_t limit);

// One page of a list: "values", and where the next begins; nothing at the end.
struct Values {
  json::array items;
  std::optional<std::int64_t> next;
};

// `forge_error` for what is no such page, and for a next page that does not lie ahead.
Result<Values> values_of(const http::Reply& reply, const Target& target, std::int64_t start);

}  // namespace forgelink::forges::bitbucket_data_center
