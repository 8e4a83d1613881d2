// SPDX-License-Identifier: MIT
// The REST API that Azure DevOps and Azure DevOps Server share (docs/forges.md 6 and 7).
//
// Success is a 200 with JSON and an identity: a wrong token may get 200 as Anonymous, 203 with a sign-in
// page, or a redirect to one. Redirects to a sign-in page are never followed.
#pragma once

#include "providers/forges/reply_reader.hpp"
#include "providers/provider.hpp"

namespace forgelink::forges::azure_devops {

// How messages name the forge.
inline constexpr std::string_view forge = "Azure DevOps";

using Query = std::vector<std::pair<std::string, std::string>>;

// A place that has the API: "https://dev.azure.com/org", "https://server/tfs/collection".
struct AzureBase {
  std::string url;
  bool on_premise =
      false;  // a server: may know older versions only, and other ways to sign in (docs/forges.md 7)
  std::string token_page;
};

std::vector<Scope> azure_scopes();
// The REST API as clients ask it, below `root`.
ForgeApi azure_client_api(std::string (*root)(const Target& target));
http::Request azure_request(const Target& target, std::string url);
Error azure_refusal(const http::Reply& reply, const Target& target, const AzureBase& base);

// Azure DevOps puts X-TFS-*, X-VSS-* and ActivityId on every answer of its own.
bool azure_marks(const http::Reply& reply);

// "Not signed in", said by Azure DevOps itself: 401, the sign-in page with 203, or the way to it with a
// redirect.
bool azure_wants_sign_in(const http::Reply& reply);

// Asks with the newest version of the API that the place knows; a server that knows only older ones is
// remembered.
awaitable<Result<http::Reply>> azure_ask(http::Client& client, Target target, AzureBase base,
                                         std::string path, Query query, bool preview);

// The answer to a question about code, if it is 200; else why not. Azure tells a missing scope and a dead
// token apart no more than by whether the token still has an identity, so that is asked before a token is
// called refused.
awaitable<Result<http::Reply>> azure_ask_code(http::Client& client, Target target, AzureBase base,
                                              std::string path, Query query);

awaitable<Result<Verification>> azure_verify(http::Client& client, Target target, AzureBase base);

// All of them at once (`whole`), since the list has no pages; project by project where that answer is larger
// than a reply may be.
awaitable<Result<Page<Repository>>> azure_repositories(http::Client& client, Target target, AzureBase base,
                                                       std::string next);

// The array "value" of an answer; null if it has none.
const json::array* azure_values(const json::value& body);

// `path` are the parts of the repository's name below `base`.
awaitable<Result<Page<Commit>>> azure_commits(http::Client& client, Target target, AzureBase base,
                                              std::vector<std::string> path, CommitQuery query,
                                              std::string next, std::size_t limit);

}  // namespace forgelink::forges::azure_devops
