// SPDX-License-Identifier: MIT
// The REST API of Forgejo and Gitea, version 1: what a question looks like, what a refusal means, and the
// lists. https://forgejo.org/docs/latest/user/api-usage/
#pragma once

#include "providers/forges/reply_reader.hpp"
#include "providers/provider.hpp"

namespace forgelink::forges::forgejo {

// How messages name the forge.
inline constexpr std::string_view forge = "Forgejo";

// The body of an error names the place of the API's documentation, or is JSON with a message.
bool marks_own_answer(const http::Reply& reply);

// REQUIRES: the target has a server_url; without one nothing may be asked.
std::string api_root(const Target& target);
http::Request request_to(const Target& target, std::string url);
Error refusal_of(const http::Reply& reply, const Target& target);
std::string token_page(const Target& target);

// "There is no Forgejo at …": what answered has no API.
Error not_a_forgejo(const http::Reply& reply, const Target& target);

awaitable<Result<Page<Repository>>> repositories(http::Client& client, Target target, std::string next,
                                                 std::size_t limit);
awaitable<Result<Page<Commit>>> commits(http::Client& client, Target target, CommitQuery query,
                                        std::string next, std::size_t limit);

}  // namespace forgelink::forges::forgejo
