// SPDX-License-Identifier: MIT
// Azure DevOps Server: on premises, with a collection in its address (providers section 7).
#include "providers/forges/azure_devops/azure_api.hpp"
#include "providers/forges/azure_devops/azure_devops_server.hpp"
#include "providers/forges/token_shapes.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges::azure_devops::server {
namespace {

std::string token_page(const Target& target) {
  return target.server_url.value_or("{server_url}") + "/_usersSettings/tokens";
}

Result<AzureBase> base_of(const Target& target) {
  if (target.server_url)
    return AzureBase{.url = *target.server_url, .on_premise = true, .token_page = token_page(target)};
  return Error{.code = Errc::server_url_required,
               .message = "Azure DevOps Server needs the address of its server.",
               .field = "server_url",
               .hint = "As https://server/DefaultCollection, with the collection."};
}

awaitable<Result<Verification>> verify(http::Client& client, Target target) {
  Result<AzureBase> base = base_of(target);
  if (!base) co_return base.error();
  Result<Verification> said = co_await azure_verify(client, std::move(target), std::move(*base));
  if (said || said.error().code != Errc::not_found) co_return said;
  Error error = said.error();
  error.hint = "Is the collection in the address, as https://server/DefaultCollection?";
  co_return error;
}

awaitable<Result<Page<Repository>>> repositories(http::Client& client, Target target, std::string,
                                                 std::size_t) {
  Result<AzureBase> base = base_of(target);
  if (!base) co_return base.error();
  Result<Page<Repository>> page = co_await azure_repositories(client, std::move(target), std::move(*base));
  co_return page;
}

awaitable<Result<Page<Commit>>> commits(http::Client& client, Target target, CommitQuery query,
                                        std::string next, std::size_t limit) {
  Result<AzureBase> base = base_of(target);
  if (!base) co_return base.error();
  const RepositoryPlaces places{.web_roots = {base->url}, .ssh_hosts = {}, .ssh_has_sub_path = true};
  Result<NamedRepository> named = read_repository_name(query.repository, places);
  if (!named) co_return named.error();
  std::vector<std::string> path = std::move(named->parts);
  Result<Page<Commit>> page = co_await azure_commits(
      client, std::move(target), std::move(*base), std::move(path), std::move(query), std::move(next), limit);
  co_return page;
}

std::vector<std::string> git_roots(const Target& target) {
  if (!target.server_url) return {};
  return {*target.server_url};
}

}  // namespace

Provider provider() {
  return {
      .id = "azure-devops-server",
      .label = "Azure DevOps Server",
      .fields = {{"name", "Name", true, false, "What you call this connection."},
                 {"server_url", "Server", true, false,
                  "The address with the collection: https://server/DefaultCollection or "
                  "https://server/tfs/Collection."},
                 {"username", "Username", false, false,
                  "Your name there; it decides how commit authors are shown."},
                 {"token", "Personal access token", false, true,
                  "From User settings, Personal access tokens; IIS Basic Authentication must be off."},
                 {"expires_at", "Expires", false, false, "When the token ends; the server does not tell."}},
      .scopes = azure_scopes(),
      .self_hosted = true,
      .token_page = token_page,
      .token_trouble = [](std::string_view token) { return foreign_token(token, "Azure DevOps Server"); },
      .git_roots = git_roots,
      .git_login = [](const Target& target) { return GitLogin{target.username.value_or("forgelink")}; },
      .verify = verify,
      .repositories = repositories,
      .commits = commits};
}

}  // namespace forgelink::forges::azure_devops::server
