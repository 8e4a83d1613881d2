// GitHub (github.com), providers section 3.
#include <fmt/format.h>
#include <algorithm>

#include "providers/forges/forges.hpp"
#include "providers/forges/reply_reader.hpp"
#include "providers/forges/token_shapes.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges {
namespace {

constexpr std::string_view forge = "GitHub";

http::Request asking(const Target& target, std::string url) {
  return {
      .url = std::move(url),
      .headers = {{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2026-03-10"}},
      .authorization = {.scheme = http::Authorization::Scheme::bearer, .user = "", .secret = target.token},
      .connection = target.connection};
}

std::string token_page(const Target& target) {
  return with_query(target.endpoints->github_web + "/settings/tokens/new",
                    {{"scopes", "repo,workflow,read:user,user:email"}, {"description", "Forgelink"}});
}

// X-GitHub-SSO: required; url=https://github.com/orgs/...
std::string sso_url(std::string_view header) {
  const auto at = header.find("url=");
  return at == std::string_view::npos
             ? ""
             : std::string(header.substr(at + 4, header.find_first_of("; ,", at) - at - 4));
}

// Section 3.7.
Error refusal(const http::Reply& reply, const Target& target) {
  const std::string said = message_of(reply);
  if (reply.status == 401) {
    return {.code = Errc::token_rejected,
            .message = "GitHub refused the token: it is wrong, has expired or was revoked.",
            .hint = "Make a new one and edit the connection.",
            .url = token_page(target)};
  }
  if (reply.status == 403) {
    if (reply.header("x-github-sso").starts_with("required")) {
      return {.code = Errc::sso_required,
              .message = "The organization wants this token to be authorized for its single sign-on.",
              .hint = "Open the page within the hour and authorize the token.",
              .url = sso_url(reply.header("x-github-sso"))};
    }
    if (said.find("login attempts") != std::string::npos) {
      return {.code = Errc::rate_limited,
              .message = "GitHub has seen too many wrong tokens and refuses good ones as well for a while.",
              .retry_after = std::chrono::seconds(60)};
    }
    const std::string needed(reply.header("x-accepted-github-permissions").empty()
                                 ? reply.header("x-accepted-oauth-scopes")
                                 : reply.header("x-accepted-github-permissions"));
    if (said.find("personal access token (classic)") != std::string::npos &&
        said.find("forbid") != std::string::npos) {
      return {.code = Errc::forge_error,
              .message = "The organization forbids classic personal access tokens: " + said,
              .hint = "Make a fine-grained token for that organization.",
              .url = target.endpoints->github_web + "/settings/personal-access-tokens/new"};
    }
    if (said.find("not accessible by") != std::string::npos || !needed.empty()) {
      return {.code = Errc::scope_missing,
              .message = fmt::format("The token may not do this{}{}.",
                                     needed.empty() ? "" : "; GitHub asks for: ", needed),
              .hint = "Make a token with that permission and edit the connection.",
              .url = token_page(target),
              .details = {{"required", json::value_from(words_of(needed))}}};
    }
    return {.code = Errc::forge_error,
            .message = fmt::format("GitHub refuses this: {}.", said.empty() ? "no reason given" : said)};
  }
  if (reply.status == 404 || reply.status == 301) {
    return {.code = Errc::not_found, .message = "GitHub does not find it, or this token may not see it."};
  }
  return unexpected(reply, forge);
}

// "2027-02-01 00:00:00 UTC" and "2027-02-01 00:00:00 +0900" have been seen.
std::optional<Time> expiry_of(const http::Reply& reply) {
  std::string text(reply.header("github-authentication-token-expiration"));
  if (text.ends_with(" UTC")) text.replace(text.size() - 4, 4, "Z");
  if (const auto space = text.rfind(' '); space != std::string::npos && space > 11) text.erase(space, 1);
  return parse_time(text);
}

bool has(const std::vector<std::string>& scopes, std::string_view scope) {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

awaitable<Result<Verification>> verify(http::Client& client, Target target) {
  http::Request request = asking(target, target.endpoints->github_api + "/user");
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return refusal(*reply, target);
  Result<json::value> user = json_of(*reply, forge);
  if (!user) co_return user.error();
  const auto id = id_of(*user, "id");
  const auto login = text_of(*user, "login");
  if (!id || !login)
    co_return Error{.code = Errc::forge_error, .message = "GitHub did not say whose token it is."};

  Verification said;
  said.account = ForgeAccount{
      .id = *id, .login = login, .display_name = text_of(*user, "name"), .email = text_of(*user, "email")};
  said.expires_at = expiry_of(*reply);
  // An empty header is what fine-grained tokens send: not "no rights", but "not told".
  std::vector<std::string> scopes = words_of(reply->header("x-oauth-scopes"));
  if (!scopes.empty()) {
    if (!has(scopes, "repo")) said.missing_scopes.emplace_back("repo");
    static const std::vector<std::string> useful = {
        "repo",        "workflow",        "read:user",   "user:email",      "public_repo",
        "repo:status", "repo_deployment", "repo:invite", "security_events", "read:org",
        "gist"};
    std::copy_if(scopes.begin(), scopes.end(), std::back_inserter(said.excess_scopes),
                 [](const std::string& scope) { return !has(useful, scope); });

    if (!said.account->email && (has(scopes, "user:email") || has(scopes, "user"))) {
      http::Request mails = asking(target, target.endpoints->github_api + "/user/emails");
      Result<http::Reply> list = co_await client.send(std::move(mails));
      if (list && list->status == 200) {
        Result<json::value> addresses = json_of(*list, forge);
        const json::array* all = addresses ? list_of(*addresses) : nullptr;
        for (std::size_t i = 0; all != nullptr && i < all->size(); ++i) {
          if (flag_of((*all)[i], "primary")) said.account->email = text_of((*all)[i], "email");
        }
      }
    }
    said.scopes = std::move(scopes);
  }
  co_return said;
}

std::optional<Repository> repository_of(const json::value& item) {
  const auto id = id_of(item, "id");
  const auto path = text_of(item, "full_name");
  if (!id || !path) return std::nullopt;
  return Repository{
      .id = *id,
      .path = *path,
      .name = text_of(item, "name").value_or(*path),
      .is_private = flag_of(item, "private"),
      .archived = flag_of(item, "archived"),
      .default_branch = text_of(item, "default_branch"),
      .clone_url = text_of(item, "clone_url"),
      .ssh_url = text_of(item, "ssh_url"),
      .web_url = text_of(item, "html_url"),
      .updated_at = time_of(item, "pushed_at") ? time_of(item, "pushed_at") : time_of(item, "updated_at")};
}

awaitable<Result<Page<Repository>>> repositories(http::Client& client, Target target, std::string next,
                                                 std::size_t limit) {
  Result<std::string> from = checked_next(std::move(next), target.endpoints->github_api, forge);
  if (!from) co_return from.error();
  std::string url = !from->empty()
                        ? *from
                        : with_query(target.endpoints->github_api + "/user/repos",
                                     {{"per_page", std::to_string(std::min<std::size_t>(limit, 100))},
                                      {"affiliation", "owner,collaborator,organization_member"},
                                      {"sort", "full_name"}});
  http::Request request = asking(target, std::move(url));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return refusal(*reply, target);
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::array* list = list_of(*body);
  if (list == nullptr) co_return unexpected(*reply, forge);

  Page<Repository> page{.next = next_link(*reply),
                        .partial = reply->header("x-github-sso").starts_with("partial-results")};
  for (const json::value& item : *list) {
    if (auto repository = repository_of(item)) page.items.push_back(std::move(*repository));
  }
  Result<std::string> onward = checked_next(page.next, target.endpoints->github_api, forge);
  if (!onward) co_return onward.error();
  co_return page;
}

// octo-dev+spam@... : "ID+login@users.noreply.github.com" or "login@users.noreply.github.com".
std::optional<std::string> login_of_noreply(const std::string& email) {
  constexpr std::string_view host = "@users.noreply.github.com";
  if (!email.ends_with(host)) return std::nullopt;
  std::string local = email.substr(0, email.size() - host.size());
  if (const auto plus = local.find('+'); plus != std::string::npos && is_number(local.substr(0, plus)))
    local.erase(0, plus + 1);
  return local.empty() ? std::nullopt : std::optional(local);
}

std::optional<Commit> commit_of(const json::value& item) {
  const auto id = text_of(item, "sha");
  const json::value* commit = member_of(item, "commit");
  if (!id || commit == nullptr) return std::nullopt;
  Commit out{
      .id = *id, .message = text_of(*commit, "message").value_or(""), .web_url = text_of(item, "html_url")};
  out.title = first_line(out.message);
  if (const json::value* author = member_of(*commit, "author")) {
    out.author_name = text_of(*author, "name");
    out.author_email = text_of(*author, "email");
    out.author_date = text_of(*author, "date").value_or("");
  }
  // Null, or an empty object, when the address belongs to no account.
  if (const json::value* account = member_of(item, "author"))
    out.author_username = text_of(*account, "login");
  if (!out.author_username && out.author_email) out.author_username = login_of_noreply(*out.author_email);
  return out;
}

// Only documented endpoints know a repository by its path, so an id is looked up in the list.
awaitable<Result<std::string>> path_of_id(http::Client& client, Target target, std::string id) {
  std::string next;
  do {
    Result<Page<Repository>> page = co_await repositories(client, target, next, 100);
    if (!page) co_return page.error();
    for (const Repository& repository : page->items) {
      if (repository.id == id) co_return repository.path;
    }
    next = page->next;
  } while (!next.empty());
  co_return Error{
      .code = Errc::not_found,
      .message = fmt::format("There is no repository with the id {}, or this token may not see it.", id),
      .field = "repository"};
}

awaitable<Result<Page<Commit>>> commits(http::Client& client, Target target, CommitQuery query,
                                        std::string next, std::size_t limit) {
  Result<std::string> from = checked_next(std::move(next), target.endpoints->github_api, forge);
  if (!from) co_return from.error();
  std::string url = *from;
  if (url.empty()) {
    const RepositoryPlaces places{.web_roots = {target.endpoints->github_web, "https://www.github.com"},
                                  .ssh_hosts = {"ssh.github.com"}};
    Result<std::vector<std::string>> parts = repository_path(query.repository, places);
    if (!parts) co_return parts.error();
    Result<std::string> path = std::string();
    if (parts->size() == 1 && is_number(parts->front())) {
      path = co_await path_of_id(client, target, parts->front());
    } else {
      path = first_parts(*parts, 2, "owner/name");
    }
    if (!path) co_return path.error();
    std::vector<std::pair<std::string, std::string>> asked = {
        {"per_page", std::to_string(std::min<std::size_t>(limit, 100))}};
    if (!query.branch.empty()) asked.emplace_back("sha", query.branch);
    url = with_query(target.endpoints->github_api + "/repos/" + encoded_path(*path) + "/commits", asked);
  }
  http::Request request = asking(target, std::move(url));
  request.follow_within_origin = true;  // a repository that was renamed
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status == 409) co_return Page<Commit>();  // empty repository
  if (reply->status == 404 || reply->status == 422) {
    co_return Error{
        .code = Errc::not_found,
        .message =
            query.branch.empty()
                ? fmt::format("GitHub does not find the repository {}, or this token may not see it.",
                              query.repository)
                : fmt::format("GitHub does not find the branch {} of {}, or this token may not see it.",
                              query.branch, query.repository),
        .field = "repository"};
  }
  if (reply->status != 200) co_return refusal(*reply, target);
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::array* list = list_of(*body);
  if (list == nullptr) co_return unexpected(*reply, forge);
  Page<Commit> page{.next = next_link(*reply)};
  for (const json::value& item : *list) {
    if (auto commit = commit_of(item)) page.items.push_back(std::move(*commit));
  }
  Result<std::string> onward = checked_next(page.next, target.endpoints->github_api, forge);
  if (!onward) co_return onward.error();
  co_return page;
}

std::vector<std::string> git_roots(const Target& target) {
  const std::string& web = target.endpoints->github_web;
  if (web != "https://github.com") return {web};
  return {web, "https://gist.github.com", "https://www.github.com"};
}

GitLogin git_login(const Target& target) {
  // GitHub ignores the name; one that tells what the token is keeps other helpers tidy.
  if (target.oauth) return {"x-access-token"};
  return {target.username.value_or(target.login.value_or("x-access-token"))};
}

}  // namespace

Provider github() {
  return {
      .id = "github",
      .label = "GitHub",
      .fields = {{"name", "Name", true, false, "What you call this connection."},
                 {"username", "Username", false, false,
                  "Your GitHub user name; it decides how commit authors are shown."},
                 {"token", "Personal access token", false, true,
                  "From GitHub's page for tokens; classic (ghp_) or fine-grained (github_pat_)."}},
      .github_sign_in = true,
      .scopes = {{"repo", "to list private repositories, read their commits, clone and push", true},
                 {"workflow", "to push changes of files under .github/workflows", false},
                 {"read:user", "to read your account's profile", false},
                 {"user:email", "to know your own address among commit authors", false}},
      .notices =
          {{"2025-07-14", "OAuth apps may use PKCE; Forgelink always does.",
            "https://github.blog/changelog/2025-07-14-pkce-support-for-oauth-and-github-app-authentication/"},
           {"2026-03-10", "A new version of the REST API; the one before stays for at least 24 months.",
            "https://docs.github.com/rest/about-the-rest-api/api-versions"}},
      .token_page = token_page,
      .token_trouble = [](std::string_view token) { return foreign_token(token, forge); },
      .git_roots = git_roots,
      .git_login = git_login,
      .verify = verify,
      .repositories = repositories,
      .commits = commits};
}

}  // namespace forgelink::forges
