// Azure DevOps (dev.azure.com), providers section 6. A connection is for one organization.
#include <fmt/format.h>
#include <strings.h>
#include <algorithm>

#include "providers/forges/azure_api.hpp"
#include "providers/forges/forges.hpp"
#include "providers/forges/token_shapes.hpp"

namespace forgelink::forges {
namespace {

std::string token_page(const Target& target) {
  return target.endpoints->azure_root + "/" + target.organization.value_or("{organization}") +
         "/_usersSettings/tokens";
}

Result<AzureBase> base_of(const Target& target) {
  if (target.organization)
    return AzureBase{.url = target.endpoints->azure_root + "/" + *target.organization,
                     .token_page = token_page(target)};
  return invalid("organization", "Azure DevOps lists by organization, and this connection names none.",
                 "Edit the connection and name the organization.");
}

// Without an organization only the profile could tell, and most tokens may not ask it.
awaitable<Result<Verification>> verify_by_profile(http::Client& client, Target target) {
  http::Request request =
      azure_request(target, target.endpoints->azure_profile + "/_apis/profile/profiles/me?api-version=7.1");
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  Verification said;
  const bool refused = reply->status == 401 || reply->status == 403 || reply->status == 203 ||
                       reply->status == 302 || reply->status == 404;
  if (refused || !reply->is_json()) {
    said.settled = false;
    said.hint = "Name the organization as well, so that the token can be verified.";
    co_return said;
  }
  if (reply->status != 200) co_return azure_refusal(*reply, token_page(target));
  Result<json::value> body = json_of(*reply, "Azure DevOps");
  if (!body) co_return body.error();
  const auto id = text_of(*body, "id");
  if (!id)
    co_return Error{.code = Errc::forge_error, .message = "Azure DevOps did not say whose token it is."};
  said.account = ForgeAccount{.id = *id,
                              .login = text_of(*body, "emailAddress"),
                              .display_name = text_of(*body, "displayName"),
                              .email = text_of(*body, "emailAddress")};
  said.hint = "Name the organization as well, so that repositories can be listed.";
  co_return said;
}

awaitable<Result<Verification>> verify(http::Client& client, Target target) {
  if (!target.organization) {
    Result<Verification> said = co_await verify_by_profile(client, std::move(target));
    co_return said;
  }
  AzureBase base = *base_of(target);
  Result<Verification> said = co_await azure_verify(client, std::move(target), std::move(base));
  co_return said;
}

awaitable<Result<Page<Repository>>> repositories(http::Client& client, Target target, std::string next,
                                                 std::size_t limit) {
  Result<AzureBase> base = base_of(target);
  if (!base) co_return base.error();
  Result<Page<Repository>> page =
      co_await azure_repositories(client, std::move(target), std::move(*base), std::move(next), limit);
  co_return page;
}

bool same(const std::string& a, const std::string& b) { return strcasecmp(a.c_str(), b.c_str()) == 0; }

// What of a name follows the organization; `invalid_params` for another organization's.
Result<std::vector<std::string>> below_organization(const Target& target, const std::string& name) {
  const std::string& organization = *target.organization;
  const std::string old_host = "https://" + organization + ".visualstudio.com";
  const RepositoryPlaces places{.web_roots = {target.endpoints->azure_root, old_host},
                                .ssh_hosts = {"ssh.dev.azure.com", "vs-ssh.visualstudio.com"}};
  Result<std::vector<std::string>> parts = repository_path(name, places);
  if (!parts) return parts;
  std::vector<std::string> path = std::move(*parts);
  const auto drop_first = [&path] { path.erase(path.begin()); };
  const bool url = name.find(':') != std::string::npos;
  const bool old_form =
      name.find(".visualstudio.com") != std::string::npos && name.find("vs-ssh.") == std::string::npos;
  const bool v3 = url && !path.empty() && path.front() == "v3";
  if (v3) drop_first();
  if (old_form) {
    if (!path.empty() && same(path.front(), "DefaultCollection")) drop_first();
    return path;
  }
  const auto mark = std::find(path.begin(), path.end(), "_git");
  // organization/project/_git/name or organization/_git/name; a plain project/name has no organization.
  const bool names_organization =
      url || (mark - path.begin() >= 2 && mark != path.end()) || (mark == path.end() && path.size() >= 3) ||
      (mark != path.end() && mark - path.begin() == 1 && same(path.front(), organization));
  if (!names_organization || path.empty()) return path;
  if (!same(path.front(), organization)) {
    return invalid("repository",
                   fmt::format("This repository is in the organization {}, the connection is for {}.",
                               path.front(), organization));
  }
  drop_first();
  return path;
}

awaitable<Result<Page<Commit>>> commits(http::Client& client, Target target, CommitQuery query,
                                        std::string next, std::size_t limit) {
  Result<AzureBase> base = base_of(target);
  if (!base) co_return base.error();
  Result<std::vector<std::string>> path = below_organization(target, query.repository);
  if (!path) co_return path.error();
  Result<Page<Commit>> page =
      co_await azure_commits(client, std::move(target), std::move(*base), std::move(*path),
                             std::move(query.branch), std::move(next), limit);
  co_return page;
}

std::vector<std::string> git_roots(const Target& target) {
  const std::string& root = target.endpoints->azure_root;
  if (!target.organization) return {root};
  if (root != "https://dev.azure.com") return {root + "/" + *target.organization};
  std::string host = *target.organization;
  std::transform(host.begin(), host.end(), host.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return {root + "/" + *target.organization, "https://" + host + ".visualstudio.com"};
}

}  // namespace

Provider azure_devops() {
  return {
      .id = "azure-devops",
      .label = "Azure DevOps",
      .fields = {{"name", "Name", true, false, "What you call this connection."},
                 {"organization", "Organization", false, false,
                  "The organization, as in https://dev.azure.com/organization; without it the token cannot "
                  "be verified."},
                 {"username", "Username", false, false,
                  "Your name or sign-in address; it decides how commit authors are shown."},
                 {"token", "Personal access token", false, true,
                  "From User settings, Personal access tokens, made for this organization."},
                 {"expires_at", "Expires", false, false, "When the token ends; Azure DevOps does not tell."}},
      .scopes = azure_scopes(),
      .notices =
          {{"2026-12-01",
            "Global tokens (for all accessible organizations) stop working: make one for each organization.",
            "https://devblogs.microsoft.com/devops/"
            "retirement-of-global-personal-access-tokens-in-azure-devops/"}},
      .token_page = token_page,
      .token_trouble = [](std::string_view token) { return foreign_token(token, "Azure DevOps"); },
      .git_roots = git_roots,
      // Any name will do; an empty one will not.
      .git_login = [](const Target& target) { return GitLogin{target.username.value_or("forgelink")}; },
      .verify = verify,
      .repositories = repositories,
      .commits = commits};
}

}  // namespace forgelink::forges
