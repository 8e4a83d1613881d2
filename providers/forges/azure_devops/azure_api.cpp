// SPDX-License-Identifier: MIT
#include "providers/forges/azure_devops/azure_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "providers/forges/json_text.hpp"

namespace forgelink::forges::azure_devops {
namespace {

// The newest first. A server that knows older ones only answers 400 (docs/forges.md 7).
constexpr const char* versions[] = {"7.1", "7.0", "6.0", "5.0"};

// Which version each server took last: as long as the daemon runs.
std::map<std::string, std::size_t>& versions_taken() {
  static std::map<std::string, std::size_t> taken;
  return taken;
}

bool wants_another_version(const http::Reply& reply) {
  if (reply.status != 400) return false;
  boost::system::error_code wrong;
  const json::value body = parse_json(reply.body, wrong);
  if (wrong) return false;
  const std::string key = text_of(body, "typeKey").value_or("") + text_of(body, "typeName").value_or("");
  return key.find("Version") != std::string::npos;
}

// A server whose IIS takes the Authorization header for itself offers its own ways to sign in, and not Basic.
// They are never answered with the token.
bool iis_in_the_way(const http::Reply& reply) {
  const std::string_view ways = reply.header("www-authenticate");
  const bool windows =
      ways.find("NTLM") != std::string_view::npos || ways.find("Negotiate") != std::string_view::npos;
  return reply.status == 401 && windows;
}

constexpr std::string_view sign_in_path = "/_signin";
constexpr std::string_view iis_hint =
    "If the token is good: IIS Basic Authentication must be off on the server.";

Error refused_token(const http::Reply& reply, const AzureBase& base) {
  Error error{.code = Errc::token_rejected,
              .message =
                  "Azure DevOps refused the token: it is wrong, has expired, was revoked, or is for another "
                  "organization.",
              .hint =
                  "Make a new one for this organization and use it. One for all accessible "
                  "organizations ends on 1 December 2026.",
              .url = base.token_page};
  if (!base.on_premise) return error;
  error.message = "The server refused the token: it is wrong, has expired or was revoked.";
  error.hint = "Create a new one and use it.";
  if (iis_in_the_way(reply)) error.hint += " " + std::string(iis_hint);
  return error;
}

Result<ForgeAccount> account_of(const json::value& body, const AzureBase& base);

// Who the token belongs to, asked of the one call that needs no scope.
awaitable<Result<ForgeAccount>> identity(http::Client& client, Target target, AzureBase base) {
  Query none;
  Result<http::Reply> reply =
      co_await azure_ask(client, target, base, "/_apis/connectionData", std::move(none), true);
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return azure_refusal(*reply, target, base);
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  co_return account_of(*body, base);
}

bool is_id_of_nobody(std::string_view id) {
  return id.empty() || id == "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" ||
         id == "00000000-0000-0000-0000-000000000000";
}

bool is_nobody(const json::value& user) {
  return is_id_of_nobody(text_of(user, "id").value_or("")) ||
         text_of(user, "descriptor").value_or("").starts_with("System:");
}

std::optional<std::string> property(const json::value& user, std::string_view name) {
  const json::value* properties = member_of(user, "properties");
  const json::value* found = properties != nullptr ? member_of(*properties, name) : nullptr;
  return found != nullptr ? text_of(*found, "$value") : std::nullopt;
}

Result<ForgeAccount> account_of(const json::value& body, const AzureBase& base) {
  const json::value* user = member_of(body, "authenticatedUser");
  if (user == nullptr)
    return Error{.code = Errc::forge_error, .message = "Azure DevOps did not say whose token it is."};
  if (is_nobody(*user)) {
    // An organization with public projects answers everybody, as Anonymous (docs/forges.md 6.3).
    return Error{.code = Errc::token_rejected,
                 .message = "Azure DevOps does not know the token: it answered as to an anonymous visitor.",
                 .hint = "Make a new one for this organization and use it.",
                 .url = base.token_page};
  }
  ForgeAccount account{.id = text_of(*user, "id").value_or("")};
  account.display_name = text_of(*user, "customDisplayName");
  if (!account.display_name) account.display_name = text_of(*user, "providerDisplayName");
  account.login = property(*user, "Account");
  const std::string descriptor = text_of(*user, "descriptor").value_or("");
  const auto slash = descriptor.find('\\');
  if (!account.login && slash != std::string::npos && slash + 1 < descriptor.size()) {
    account.login = descriptor.substr(slash + 1);
  }
  account.email = property(*user, "Mail");
  const bool login_is_email = account.login && account.login->find('@') != std::string::npos;
  if (!account.email && login_is_email) account.email = account.login;
  // The login is often the address of commits (docs/forges.md 1).
  if (account.email) account.own_emails.push_back(*account.email);
  if (login_is_email && account.email != account.login) account.own_emails.push_back(*account.login);
  return account;
}

}  // namespace

const json::array* azure_values(const json::value& body) {
  const json::value* value = member_of(body, "value");
  return value != nullptr ? list_of(*value) : nullptr;
}

std::vector<Scope> azure_scopes() {
  return {{"vso.code", "Code (Read): to list repositories, read commits and clone", true},
          {"vso.code_write", "Code (Read & write): to push", false}};
}

namespace {

// [organization/]project/_apis/git/repositories/NAME/…
std::optional<std::string> client_repository(const PathSegments& path) {
  const auto apis = std::find(path.begin(), path.end(), "_apis");
  const auto at = static_cast<std::size_t>(apis - path.begin());
  if (at == 0 || path.size() < at + 4 || path[at + 1] != "git" || path[at + 2] != "repositories")
    return std::nullopt;
  return repository_at(path, at - 1, at + 3);
}

// [organization/]project/_git/NAME; a repository named as its project may leave the project out.
std::string client_git_repository(std::string_view path) {
  constexpr std::string_view mark = "_git/";
  const auto at = path.find(mark);
  if (at == std::string_view::npos) return std::string(path);
  const std::string name(path.substr(at + mark.size()));
  std::string_view project = path.substr(0, at == 0 ? 0 : at - 1);
  if (const auto slash = project.rfind('/'); slash != std::string_view::npos)
    project.remove_prefix(slash + 1);
  return (project.empty() ? name : std::string(project)) + "/" + name;
}

}  // namespace

ForgeApi azure_client_api(std::string (*root)(const Target& target)) {
  return {.root = root,
          .request = azure_request,
          .repository = client_repository,
          .git_repository = client_git_repository};
}

http::Request azure_request(const Target& target, std::string url) {
  using Scheme = http::Authorization::Scheme;
  return {.url = std::move(url),
          // Suppress: no redirect to a page where a person would sign in.
          .headers = {{"Accept", "application/json"}, {"X-TFS-FedAuthRedirect", "Suppress"}},
          .authorization = {.scheme = target.oauth ? Scheme::bearer : Scheme::basic,
                            .user = "",
                            .secret = target.token},
          .follow_within_origin = true,
          .sign_in_path = std::string(sign_in_path),
          .connection = target.connection};
}

bool azure_marks(const http::Reply& reply) {
  if (!reply.header("activityid").empty()) return true;
  return std::any_of(reply.headers.begin(), reply.headers.end(), [](const auto& header) {
    return header.first.starts_with("x-tfs-") || header.first.starts_with("x-vss-");
  });
}

// Where others say 401: a 203 with a page, or a redirect to a sign-in (docs/forges.md 6.6).
bool azure_wants_sign_in(const http::Reply& reply) {
  if (!azure_marks(reply)) return false;
  const std::string_view to = reply.header("location");
  const bool to_sign_in =
      reply.status >= 300 && reply.status < 400 &&
      (to.find(sign_in_path) != std::string_view::npos || to.find("://login.") != std::string_view::npos);
  return reply.status == 401 || reply.status == 203 || to_sign_in;
}

// What another party says in place of Azure DevOps, or where it was pointed to.
static bool is_elsewhere(const http::Reply& reply) {
  const bool redirect = reply.status >= 300 && reply.status < 400;
  return redirect || reply.status == 203 || is_of_another(reply, azure_marks(reply));
}

Error azure_refusal(const http::Reply& reply, const Target& target, const AzureBase& base) {
  if (auto limited = rate_limit_of(reply, forge)) return *std::move(limited);
  if (azure_wants_sign_in(reply)) return refused_token(reply, base);
  if (is_elsewhere(reply)) {
    Error error = answered_by_another(reply, target, forge);
    if (iis_in_the_way(reply)) error.hint = std::string(iis_hint);
    return error;
  }
  const std::string why = because(message_of(reply, target));
  if (reply.status == 403) {
    return {.code = Errc::scope_missing,
            .message = fmt::format("The token or its account may not do this{}.", why),
            .hint = "The token needs the scope Code (Read & write), the account access to the project.",
            .url = base.token_page};
  }
  if (reply.status == 404) {
    return {.code = Errc::not_found,
            .message = fmt::format("Azure DevOps: not found or not visible to this token{}.", why),
            .details = {{"said", message_of(reply, target)}}};
  }
  return unexpected(reply, target, forge);
}

awaitable<Result<http::Reply>> azure_ask(http::Client& client, Target target, AzureBase base,
                                         std::string path, Query query, bool preview) {
  std::size_t at = 0;
  if (const auto known = versions_taken().find(base.url); known != versions_taken().end()) at = known->second;
  while (true) {
    Query asked = query;
    // connectionData is known as a preview only (docs/forges.md 6.1).
    asked.emplace_back("api-version", std::string(versions[at]) + (preview ? "-preview" : ""));
    http::Request request = azure_request(target, with_query(base.url + path, asked));
    Result<http::Reply> reply = co_await client.send(std::move(request));
    if (!reply) co_return reply;
    if (base.on_premise && wants_another_version(*reply) && at + 1 < std::size(versions)) {
      ++at;
      continue;
    }
    if (reply->status == 200 && at > 0) versions_taken()[base.url] = at;
    co_return reply;
  }
}

// Set only once an identity was established (docs/forges.md 6.3): {guid}:{account}.
static bool has_identity(const http::Reply& reply) {
  const std::string_view whose = reply.header("x-vss-userdata");
  return !is_id_of_nobody(whose.substr(0, whose.find(':')));
}

awaitable<Result<http::Reply>> azure_ask_code(http::Client& client, Target target, AzureBase base,
                                              std::string path, Query query) {
  Result<http::Reply> reply =
      co_await azure_ask(client, target, base, std::move(path), std::move(query), false);
  if (!reply) co_return reply;
  if (reply->status == 200) {
    // What is public is shown to everybody, to the bearer of a dead token as well.
    if (base.on_premise || has_identity(*reply)) co_return reply;
    Result<ForgeAccount> known = co_await identity(client, target, base);
    if (!known && known.error().code == Errc::token_rejected) co_return known.error();
    co_return reply;
  }
  const Error refused = azure_refusal(*reply, target, base);
  if (refused.code != Errc::token_rejected) co_return refused;
  // A 401 stands for a bad token and for a missing scope alike; the call that needs no scope tells which.
  Result<ForgeAccount> whose = co_await identity(client, target, base);
  if (!whose) co_return whose.error();
  co_return Error{.code = Errc::scope_missing,
                  .message = "The token is good, but may not read code here.",
                  .hint = "Make one with the scope Code (Read & write) and use it.",
                  .url = base.token_page,
                  .details = {{"required", json::array{"vso.code"}}}};
}

awaitable<Result<Verification>> azure_verify(http::Client& client, Target target, AzureBase base) {
  Result<ForgeAccount> account = co_await identity(client, target, base);
  if (!account) co_return account.error();
  Verification said;
  said.account = cleaned(std::move(*account), target);

  Query none;
  Result<http::Reply> code =
      co_await azure_ask(client, target, base, "/_apis/git/repositories", std::move(none), false);
  // Whatever else the answer is, too long a list for instance, the token is good.
  if (!code && code.error().code != Errc::forge_error) co_return code.error();
  if (code && (azure_wants_sign_in(*code) || (code->status == 403 && azure_marks(*code))))
    said.missing_scopes.emplace_back("vso.code");
  co_return said;
}

}  // namespace forgelink::forges::azure_devops
