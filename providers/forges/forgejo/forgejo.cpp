// SPDX-License-Identifier: MIT
// Forgejo and Gitea, which share their API, and Codeberg, which runs Forgejo. An instance may live below a
// path.
#include "providers/forges/forgejo/forgejo.hpp"

#include "base/text.hpp"
#include "providers/forges/forgejo/forgejo_api.hpp"
#include "providers/forges/forgejo/forgejo_oauth.hpp"
#include "providers/forges/token_shapes.hpp"
#include "providers/server_url.hpp"

namespace forgelink::forges::forgejo {
namespace {

constexpr std::string_view examples = "https://codeberg.org or https://host/sub-path";

Error no_server() {
  return {.code = Errc::server_url_required,
          .message = "Forgejo needs the address of its server.",
          .field = "server_url",
          .hint = "As " + std::string(examples) + "."};
}

// The API's and the settings' pages are cut off. What else follows may be a sub-path as well as a repository,
// unless it says that it is one.
Result<std::string> server_root(const WebAddress& address) {
  const std::string whole = address.origin().text() + address.path, path = lower_case(address.path);
  const auto has = [&](std::string_view part) { return (path + "/").find(part) != std::string::npos; };
  if (has("/api/v1/") || has("/api/swagger/")) return cut_at(address, {"api"});
  if (has("/user/settings/") || has("/user/login/") || has("/user/sign_up/"))
    return cut_at(address, {"user"});
  if (has("/explore/")) return cut_at(address, {"explore"});
  if (path.ends_with(".git") || has("/src/branch/") || has("/commit/")) {
    return invalid(
        "server_url", "This is the address of a repository, not of the server.",
        "Give the server alone, as " + address.origin().text() + ", with its sub-path if it has one.");
  }
  return whole;
}

// Any name will do; that of the account keeps other helpers tidy.
GitLogin git_login(const Target& target) {
  if (target.oauth && target.login) return {.username = *target.login};
  return {.username = target.username.value_or(target.login.value_or("forgelink"))};
}

Result<ForgeAccount> account_of(const http::Reply& reply, const Target& target) {
  if (!reply.is_json()) return not_a_forgejo(reply, target);
  Result<json::value> user = json_of(reply, forge);
  if (!user) return user.error();
  const auto id = id_of(*user, "id");
  const auto login = text_of(*user, "login");
  if (!id || !login)
    return Error{.code = Errc::forge_error, .message = "Forgejo did not say whose token it is."};
  ForgeAccount account{.id = *id,
                       .login = login,
                       .display_name = text_of(*user, "full_name"),
                       .email = text_of(*user, "email")};
  if (account.email) account.own_emails = {*account.email};
  return account;
}

// Neither scopes nor an end can be read with the token itself; what it may not do shows when it is refused. A
// token that is bound to repositories (Forgejo 15) often lacks read:user, and works all the same.
awaitable<Result<Verification>> verify(http::Client& client, Target target) {
  if (!target.server_url) co_return no_server();
  Verification said;
  http::Request who = request_to(target, api_root(target) + "/user");
  Result<http::Reply> user = co_await client.send(std::move(who));
  if (!user) co_return user.error();
  const Error refused = user->status == 200 ? Error() : refusal_of(*user, target);
  if (user->status == 200) {
    Result<ForgeAccount> account = account_of(*user, target);
    if (!account) co_return account.error();
    said.account = cleaned(std::move(*account), target);
  } else if (refused.code == Errc::scope_missing) {
    said.missing_scopes.emplace_back("read:user");
    said.hint = "The token may not read your account (read:user), so whose it is could not be checked.";
    co_return said;
  } else {
    co_return refused;
  }
  http::Request list = request_to(target, api_root(target) + "/user/repos?page=1&limit=1");
  Result<http::Reply> listed = co_await client.send(std::move(list));
  if (!listed) co_return listed.error();
  if (listed->status == 403 && refusal_of(*listed, target).code == Errc::scope_missing)
    said.missing_scopes.emplace_back("read:repository");
  co_return said;
}

awaitable<Result<Page<Repository>>> list_repositories(http::Client& client, Target target, std::string next,
                                                      std::size_t limit) {
  if (!target.server_url) co_return no_server();
  Result<Page<Repository>> page = co_await repositories(client, std::move(target), std::move(next), limit);
  co_return page;
}

awaitable<Result<Page<Commit>>> list_commits(http::Client& client, Target target, CommitQuery query,
                                             std::string next, std::size_t limit) {
  if (!target.server_url) co_return no_server();
  Result<Page<Commit>> page =
      co_await commits(client, std::move(target), std::move(query), std::move(next), limit);
  co_return page;
}

// The default of `[service] NO_REPLY_ADDRESS`; a server may have another.
std::string noreply_email(std::string_view host, std::string_view, std::string_view login) {
  return host.empty() ? "" : lower_case(login) + "@noreply." + std::string(host);
}

}  // namespace

Provider provider() {
  return {
      .id = "forgejo",
      .label = "Forgejo, Gitea, Codeberg",
      .fields = {{"name", "Name", true, false, "What you call this connection."},
                 {"server_url", "Server", true, false,
                  "The address of the instance: https://codeberg.org, or https://host/sub-path."},
                 {"username", "Username", false, false,
                  "Your user name there; it decides how commit authors are shown."},
                 {"token", "Access token", false, true,
                  "From Settings, Applications; with the scopes read:user and write:repository."},
                 {"expires_at", "Expires", false, false, "When the token ends; the instance does not tell."}},
      .oauth = &oauth_dialect(),
      .scopes = {{"read:user", "to see whose token it is and to list your repositories", true},
                 {"read:repository", "to read commits and to clone", true},
                 {"write:repository", "to push; it includes reading", false}},
      .notices = {},
      .self_hosted = true,
      .server_example = examples,
      .server_root = server_root,
      .noreply_email = noreply_email,
      .token_page = token_page,
      .token_trouble = [](std::string_view token) { return foreign_token(token, forge); },
      .git_roots =
          [](const Target& target) {
            return target.server_url ? std::vector<std::string>{*target.server_url}
                                     : std::vector<std::string>();
          },
      .git_login = git_login,
      .api = {.root = api_root,
              .request = request_to,
              .repository = [](const PathSegments& path) -> std::optional<std::string> {
                if (path.empty() || path[0] != "repos") return std::nullopt;
                return repository_at(path, 1, 2);
              }},
      .marks_own_answer = marks_own_answer,
      .verify = verify,
      .repositories = list_repositories,
      .commits = list_commits};
}

}  // namespace forgelink::forges::forgejo
