// SPDX-License-Identifier: MIT
// Bitbucket Data Center and Server: on premises, maybe below a context path. HTTP access tokens of a person
// work in Basic and Bearer, those of a project or repository in Bearer only, and nobody is behind them.
#include "providers/forges/bitbucket_data_center/bitbucket_data_center.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "providers/forges/bitbucket_data_center/data_center_api.hpp"
#include "providers/forges/bitbucket_data_center/marks.hpp"
#include "providers/forges/token_shapes.hpp"
#include "providers/server_url.hpp"

namespace forgelink::forges::bitbucket_data_center {
namespace {

constexpr std::string_view examples = "https://bitbucket.example or https://host:7990/context-path";

Error no_server() {
  return {.code = Errc::server_url_required,
          .message = "Bitbucket Data Center needs the address of its server.",
          .field = "server_url",
          .hint = "As " + std::string(examples) + "."};
}

// What follows the context path in the address of a page, a clone or the API.
Result<std::string> server_root(const WebAddress& address) {
  if (address.host == "bitbucket.org" || address.host.ends_with(".bitbucket.org")) {
    return invalid("server_url", "This is bitbucket.org, which is no server of one's own.",
                   "Take the type bitbucket.");
  }
  if (address.port == 7999) {
    return invalid("server_url", "7999 is the port that a Bitbucket takes SSH at.",
                   "Give its web address, as " + std::string(examples) + ".");
  }
  return cut_at(address, {"scm", "projects", "users", "rest", "plugins", "repos", "dashboard", "login",
                          "account", "profile", "admin"});
}

// Only a name that was confirmed, or that nobody has asked about yet, is put into Basic.
GitLogin git_login(const Target& target) {
  GitLogin login{.username = target.username.value_or(target.login.value_or("x-token-auth"))};
  login.bearer_only = target.without_identity && !target.login;
  return login;
}

awaitable<Result<Verification>> verify(http::Client& client, Target target) {
  if (!target.server_url) co_return no_server();
  Result<std::optional<ForgeAccount>> account = co_await account_behind(client, target);
  if (!account) co_return account.error();
  Verification said;
  if (!*account) {
    said.settled = false;
    said.hint =
        "This token is a project's or repository's and has no account to ask for; git from 2.46 on can use "
        "it, and "
        "will tell whether it works.";
    co_return said;
  }
  const std::string login = (*account)->login.value_or("");
  if (target.username && !equal_ignoring_case(*target.username, login)) {
    co_return Error{.code = Errc::username_mismatch,
                    .message = fmt::format("The token belongs to the user {}, not to {}.",
                                           shown(login, target), *target.username),
                    .field = "username",
                    .hint = "Give the user name of the account that made the token."};
  }
  said.account = cleaned(*std::move(*account), target);
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

// Bitbucket Cloud's tokens are for bitbucket.org alone.
std::optional<Error> token_trouble(std::string_view token) {
  if (forge_by_mark(token) == "Bitbucket") {
    return invalid("token",
                   "This looks like a token of Bitbucket Cloud, but the connection is one to a Data Center.",
                   "Make an HTTP access token on that server.");
  }
  return foreign_token(token, forge);
}

}  // namespace

Provider provider() {
  return {
      .id = "bitbucket-data-center",
      .label = "Bitbucket Data Center",
      .fields =
          {{"name", "Name", true, false, "What you call this connection."},
           {"server_url", "Server", true, false,
            "The address of your Bitbucket, with its context path if it has one: https://host/bitbucket."},
           {"username", "Username", true, false, "Your user name there, as under Manage account."},
           {"token", "HTTP access token", false, true,
            "From Manage account, HTTP access tokens; a project's or repository's works with git only."},
           {"expires_at", "Expires", false, false, "When the token ends; the server does not tell."}},
      .scopes = {{"REPO_READ", "to list repositories, read commits and clone", true},
                 {"REPO_WRITE", "to push; it includes reading", false}},
      .notices = {},
      .self_hosted = true,
      .server_example = examples,
      .server_root = server_root,
      .claims_server = claims_server,
      .verified_fields = {"username"},
      .recognition = {.marks_decide = true, .path_mark = "scm", .parts_before_mark = 0},
      .token_page = token_page,
      .token_trouble = token_trouble,
      .git_roots =
          [](const Target& target) {
            return target.server_url ? std::vector<std::string>{*target.server_url}
                                     : std::vector<std::string>();
          },
      .git_login = git_login,
      .api = {.root = rest_root,
              .request = request_to,
              // projects/KEY/repos/NAME; clones are below /scm/.
              .repository = [](const PathSegments& path) -> std::optional<std::string> {
                if (path.size() < 4 || path[0] != "projects" || path[2] != "repos") return std::nullopt;
                return repository_at(path, 1, 3);
              },
              .git_repository =
                  [](std::string_view path) {
                    return std::string(path.starts_with("scm/") ? path.substr(4) : path);
                  }},
      // Every answer of the application has the id of its request.
      .marks_own_answer = marks_own_answer,
      .verify = verify,
      .repositories = list_repositories,
      .commits = list_commits};
}

}  // namespace forgelink::forges::bitbucket_data_center
