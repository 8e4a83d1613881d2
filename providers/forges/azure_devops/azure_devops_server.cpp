// SPDX-License-Identifier: MIT
// Azure DevOps Server: on premises, with a collection in its address (docs/forges.md 7).
#include <algorithm>

#include "base/text.hpp"
#include "providers/forges/azure_devops/azure_api.hpp"
#include "providers/forges/azure_devops/azure_devops_server.hpp"
#include "providers/forges/token_shapes.hpp"
#include "providers/repository_name.hpp"
#include "providers/server_url.hpp"

namespace forgelink::forges::azure_devops::server {
namespace {

constexpr std::string_view examples =
    "https://server/DefaultCollection or https://server:8080/tfs/DefaultCollection";

// The address of a page is cut to its collection. What begins with an underscore is Azure's own ("_git",
// "_apis", "_settings"); a project stands before "_git", unless the repository is named after it.
Result<std::string> server_root(const WebAddress& address) {
  const std::vector<std::string> parts = path_parts(address.path);
  const auto mark =
      std::find_if(parts.begin(), parts.end(), [](const auto& part) { return part.starts_with('_'); });
  auto count = static_cast<std::size_t>(mark - parts.begin());
  const std::size_t shortest = !parts.empty() && lower_case(parts.front()) == "tfs" ? 2 : 1;
  if (mark != parts.end() && lower_case(*mark) == "_git" && count > shortest) --count;
  if (count < shortest) {
    return invalid("server_url", "The address of an Azure DevOps Server ends in its collection.",
                   "As " + std::string(examples) + ".");
  }
  return with_first_parts(address, count);
}

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
  error.field = "server_url";
  error.hint = "Is the collection in the address, as https://server/DefaultCollection?";
  co_return error;
}

awaitable<Result<Page<Repository>>> repositories(http::Client& client, Target target, std::string next,
                                                 std::size_t) {
  Result<AzureBase> base = base_of(target);
  if (!base) co_return base.error();
  Result<Page<Repository>> page =
      co_await azure_repositories(client, std::move(target), std::move(*base), std::move(next));
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

std::string client_root(const Target& target) { return target.server_url.value_or(""); }

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
      .server_example = examples,
      .server_root = server_root,
      .root_case = Case::ignored,
      .recognition = {.path_mark = "_git", .parts_before_mark = 1},
      .token_page = token_page,
      .token_trouble = [](std::string_view token) { return foreign_token(token, "Azure DevOps Server"); },
      .git_roots = git_roots,
      .git_login = [](const Target& target) { return GitLogin{target.username.value_or("forgelink")}; },
      .api = azure_client_api(client_root),
      .marks_own_answer = azure_marks,
      .verify = verify,
      .repositories = repositories,
      .commits = commits};
}

}  // namespace forgelink::forges::azure_devops::server
