// The REST API that Azure DevOps and Azure DevOps Server share (providers sections 6 and 7).
//
// Success is a 200 with JSON and an identity: a wrong token may get 200 as Anonymous, 203 with a sign-in
// page, or a redirect to one. No redirect is ever followed.
#pragma once

#include "providers/forges/reply_reader.hpp"
#include "providers/provider.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges {

// A place that has the API: "https://dev.azure.com/org", "https://server/tfs/collection".
struct AzureBase {
  std::string url;
  bool steps_down = false;  // a server may know older versions only (section 7)
  std::string token_page;
};

std::vector<Scope> azure_scopes();
http::Request azure_request(const Target& target, std::string url);
Error azure_refusal(const http::Reply& reply, const std::string& token_page);

awaitable<Result<Verification>> azure_verify(http::Client& client, Target target, AzureBase base);
awaitable<Result<Page<Repository>>> azure_repositories(http::Client& client, Target target, AzureBase base,
                                                       std::string next, std::size_t limit);
// `path` are the parts of the repository's name below `base`.
awaitable<Result<Page<Commit>>> azure_commits(http::Client& client, Target target, AzureBase base,
                                              std::vector<std::string> path, std::string branch,
                                              std::string next, std::size_t limit);

}  // namespace forgelink::forges
