// SPDX-License-Identifier: MIT
// Azure DevOps at dev.azure.com (docs/forges.md 6). A connection is for one organization.
#include <fmt/format.h>
#include <strings.h>

#include <algorithm>

#include "base/text.hpp"
#include "providers/forges/azure_devops/azure_api.hpp"
#include "providers/forges/azure_devops/azure_devops.hpp"
#include "providers/forges/azure_devops/entra_oauth.hpp"
#include "providers/forges/token_shapes.hpp"
#include "providers/repository_name.hpp"
#include "providers/server_url.hpp"

namespace forgelink::forges::azure_devops {
namespace {

bool same(const std::string& a, const std::string& b) { return strcasecmp(a.c_str(), b.c_str()) == 0; }

std::string azure_root(const Target& target) { return target.endpoints->of("azure-devops", "root"); }
std::string azure_profile(const Target& target) { return target.endpoints->of("azure-devops", "profile"); }

constexpr std::string_view old_host = ".visualstudio.com";

// The organization in an address of Azure DevOps: "https://dev.azure.com/octo-org/project" and
// "octo-org.visualstudio.com" (until 2018). Nothing for any other text.
std::optional<std::string> organization_in(const std::string& text, const Endpoints& endpoints) {
  const auto address = parse_web_address(address_text(text));
  if (!address) return std::nullopt;
  if (address->host.ends_with(old_host) && address->host.size() > old_host.size())
    return address->host.substr(0, address->host.size() - old_host.size());
  const std::vector<std::string> parts = path_parts(address->path);
  const Endpoints real;
  for (const Endpoints* known : {&endpoints, &real}) {
    if (address->origin() == origin_of(known->of("azure-devops", "root")) && !parts.empty())
      return parts.front();
  }
  return std::nullopt;
}

// People paste addresses, into either field.
Result<> check_fields(TypedFields& fields, const Endpoints& endpoints) {
  if (fields.server_url && !fields.organization) {
    fields.organization = organization_in(*fields.server_url, endpoints);
    if (fields.organization) fields.server_url.reset();
  }
  if (!fields.organization) return {};
  std::string& organization = *fields.organization;
  if (const auto named = organization_in(organization, endpoints)) organization = *named;
  while (organization.ends_with('/')) organization.pop_back();
  const bool good = !organization.empty() && organization.size() <= 50 &&
                    std::all_of(organization.begin(), organization.end(),
                                [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
  if (good) return {};
  return invalid("organization", "An Azure DevOps organization has letters, digits and hyphens, at most 50.",
                 "It is what follows dev.azure.com/ in the address of your projects.");
}

std::string token_page(const Target& target) {
  return azure_root(target) + "/" + target.organization.value_or("{organization}") + "/_usersSettings/tokens";
}

Result<AzureBase> base_of(const Target& target) {
  if (target.organization)
    return AzureBase{.url = azure_root(target) + "/" + *target.organization,
                     .token_page = token_page(target)};
  return invalid("organization", "Azure DevOps lists by organization, and this connection names none.",
                 "Edit the connection and name the organization.");
}

// Without an organization only the profile could tell, and most tokens may not ask it.
awaitable<Result<Verification>> verify_by_profile(http::Client& client, Target target) {
  http::Request request =
      azure_request(target, azure_profile(target) + "/_apis/profile/profiles/me?api-version=7.1");
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  Verification said;
  const bool own_refusal = azure_marks(*reply) && (reply->status == 403 || reply->status == 404);
  if (azure_wants_sign_in(*reply) || own_refusal) {
    said.settled = false;
    said.hint = "Name the organization as well, so that the token can be verified.";
    co_return said;
  }
  const AzureBase nowhere{.url = "", .token_page = token_page(target)};
  if (reply->status != 200) co_return azure_refusal(*reply, target, nowhere);
  Result<json::value> body = json_of(*reply, "Azure DevOps");
  if (!body) co_return body.error();
  const auto id = text_of(*body, "id");
  if (!id)
    co_return Error{.code = Errc::forge_error, .message = "Azure DevOps did not say whose token it is."};
  const auto email = text_of(*body, "emailAddress");
  ForgeAccount account{
      .id = *id, .login = email, .display_name = text_of(*body, "displayName"), .email = email};
  if (email) account.own_emails = {*email};
  said.account = cleaned(std::move(account), target);
  said.hint = "Name the organization as well, so that repositories can be listed.";
  co_return said;
}

awaitable<Result<Verification>> verify(http::Client& client, Target target) {
  if (!target.organization) {
    Result<Verification> said = co_await verify_by_profile(client, std::move(target));
    co_return said;
  }
  AzureBase base = *base_of(target);
  Result<Verification> said = co_await azure_verify(client, target, std::move(base));
  if (said || said.error().code != Errc::not_found) co_return said;
  Error error = said.error();
  const json::value* why = error.details.if_contains("said");
  error.message =
      fmt::format("Azure DevOps: there is no organization {}, or the token is for another one{}.",
                  *target.organization, because(why != nullptr ? std::string(why->as_string()) : ""));
  error.field = "organization";
  error.hint = "It is what follows dev.azure.com/ in the address of your projects.";
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

Error of_another_organization(const std::string& named, const Target& target) {
  return invalid("repository",
                 fmt::format("This repository is in the organization {}, the connection is for {}.", named,
                             *target.organization));
}

// Takes the organization off the front; `invalid_params` for another one.
Result<std::vector<std::string>> below_organization(std::vector<std::string> path, const Target& target) {
  if (path.empty()) return not_a_repository("project/repository");
  if (!same(path.front(), *target.organization)) return of_another_organization(path.front(), target);
  path.erase(path.begin());
  return path;
}

// vs-ssh.visualstudio.com: v3/{org}/{project}/{repo}, before that
// {org}@.../[DefaultCollection/]{project}/_ssh/{repo}.
Result<std::vector<std::string>> below_old_ssh(NamedRepository named, const Target& target) {
  std::vector<std::string> path = std::move(named.parts);
  if (path.front() == "v3") return below_organization({path.begin() + 1, path.end()}, target);
  if (!same(named.user, *target.organization)) return of_another_organization(named.user, target);
  if (same(path.front(), "DefaultCollection")) path.erase(path.begin());
  std::replace(path.begin(), path.end(), std::string("_ssh"), std::string("_git"));
  return path;
}

// A plain project/name has no organization; more parts begin with it.
Result<std::vector<std::string>> below_plain(std::vector<std::string> path, const Target& target) {
  const auto mark = std::find(path.begin(), path.end(), "_git") - path.begin();
  const bool marked = mark != static_cast<std::ptrdiff_t>(path.size());
  const bool begins_with_it =
      marked ? mark >= 2 || (mark == 1 && same(path.front(), *target.organization)) : path.size() >= 3;
  if (!begins_with_it) return path;
  return below_organization(std::move(path), target);
}

// What of a repository's name follows the organization (docs/forges.md 9.2).
Result<std::vector<std::string>> path_of(const std::string& name, const Target& target) {
  const std::string own_old_host = lower_case(*target.organization) + std::string(old_host);
  const RepositoryPlaces places{.web_roots = {azure_root(target), "https://" + own_old_host},
                                .ssh_hosts = {"ssh.dev.azure.com", "vs-ssh.visualstudio.com"}};
  Result<NamedRepository> named = read_repository_name(name, places);
  if (!named) return named.error();
  std::vector<std::string>& path = named->parts;
  if (named->host.empty()) return below_plain(std::move(path), target);
  if (named->host == "vs-ssh.visualstudio.com") return below_old_ssh(std::move(*named), target);
  if (named->host == own_old_host) {
    if (same(path.front(), "DefaultCollection")) path.erase(path.begin());
    return path;
  }
  if (path.front() == "v3") path.erase(path.begin());
  return below_organization(std::move(path), target);
}

awaitable<Result<Page<Commit>>> commits(http::Client& client, Target target, CommitQuery query,
                                        std::string next, std::size_t limit) {
  Result<AzureBase> base = base_of(target);
  if (!base) co_return base.error();
  Result<std::vector<std::string>> path = path_of(query.repository, target);
  if (!path) co_return path.error();
  Result<Page<Commit>> page =
      co_await azure_commits(client, std::move(target), std::move(*base), std::move(*path), std::move(query),
                             std::move(next), limit);
  co_return page;
}

std::vector<std::string> git_roots(const Target& target) {
  const std::string root = azure_root(target);
  if (!target.organization) return {root};
  // A mirror has no second host; only dev.azure.com still answers by its old one (docs/forges.md 6.1).
  if (root != "https://dev.azure.com") return {root + "/" + *target.organization};
  return {root + "/" + *target.organization,
          "https://" + lower_case(*target.organization) + std::string(old_host)};
}

std::string client_root(const Target& target) {
  if (!target.organization) return azure_root(target);
  return azure_root(target) + "/" + *target.organization;
}

}  // namespace

Provider provider() {
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
      .oauth = &oauth_dialect(),
      .scopes = azure_scopes(),
      .notices =
          {{"2026-12-01",
            "Global tokens (for all accessible organizations) stop working: make one for each organization.",
            "https://devblogs.microsoft.com/devops/"
            "retirement-of-global-personal-access-tokens-in-azure-devops/"}},
      .endpoints = {{"root", "https://dev.azure.com"},
                    {"profile", "https://app.vssps.visualstudio.com"},
                    {"login", "https://login.microsoftonline.com"}},
      .refuse_server =
          [] {
            return invalid("server_url", "Azure DevOps has no server of its own to name.",
                           "For a server of your own take the type azure-devops-server.");
          },
      .check_fields = check_fields,
      .root_case = Case::ignored,
      .organization_as_username = true,
      .recognition = {.host_aliases = {"*.visualstudio.com", "ssh.dev.azure.com"}},
      .token_page = token_page,
      .token_trouble = [](std::string_view token) { return foreign_token(token, "Azure DevOps"); },
      .git_roots = git_roots,
      // Any name will do; an empty one will not.
      .git_login = [](const Target& target) { return GitLogin{target.username.value_or("forgelink")}; },
      .api = azure_client_api(client_root),
      .marks_own_answer = azure_marks,
      .verify = verify,
      .repositories = repositories,
      .commits = commits};
}

}  // namespace forgelink::forges::azure_devops
