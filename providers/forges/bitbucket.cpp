// Bitbucket (bitbucket.org), providers section 5. App passwords are dead since 28 July 2026; API tokens
// replace them, with the Atlassian account's address for REST and a fixed user name for git.
#include <fmt/format.h>
#include <strings.h>
#include <algorithm>

#include "providers/forges/forges.hpp"
#include "providers/forges/reply_reader.hpp"
#include "providers/forges/token_shapes.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges {
namespace {

constexpr std::string_view forge = "Bitbucket";
constexpr const char* token_page_url = "https://id.atlassian.com/manage-profile/security/api-tokens";

// Repository, project and workspace access tokens: bots without an identity.
bool is_access_token(const Target& target) {
  return target.token && target.token->reveal().starts_with("ATCTT");
}

http::Request asking(const Target& target, std::string url) {
  using Scheme = http::Authorization::Scheme;
  const Scheme scheme = is_access_token(target) ? Scheme::bearer : Scheme::basic;
  return {.url = std::move(url),
          .headers = {{"Accept", "application/json"}},
          .authorization = {.scheme = scheme, .user = target.email.value_or(""), .secret = target.token},
          .connection = target.connection};
}

// Section 5.7.
Error refusal(const http::Reply& reply, const Target& target) {
  const std::string said = message_of(reply);
  if (reply.status == 401) {
    return {.code = Errc::token_rejected,
            .message = fmt::format("Bitbucket refused the token for {}{}{}",
                                   target.email.value_or("this connection"), said.empty() ? "." : ": ", said),
            .hint =
                "It must be an API token with scopes for Bitbucket, and the email that of the Atlassian "
                "account it belongs to.",
            .url = token_page_url};
  }
  if (reply.status == 403) {
    boost::system::error_code wrong;
    const json::value body = json::parse(reply.body, wrong);
    const json::value* error = wrong ? nullptr : member_of(body, "error");
    const json::value* detail = error != nullptr ? member_of(*error, "detail") : nullptr;
    if (detail != nullptr && member_of(*detail, "required") != nullptr) {
      const auto required = texts_of(member_of(*detail, "required")),
                 granted = texts_of(member_of(*detail, "granted"));
      return {.code = Errc::scope_missing,
              .message = fmt::format("The token lacks a scope: Bitbucket wants {}; it has {}.",
                                     fmt::join(required, ", "),
                                     granted.empty() ? "none" : fmt::format("{}", fmt::join(granted, ", "))),
              .hint = "Scopes cannot be added later: make a new token and edit the connection.",
              .url = token_page_url,
              .details = {{"required", json::value_from(required)}, {"granted", json::value_from(granted)}}};
    }
    return {.code = Errc::forge_error,
            .message = fmt::format("Bitbucket refuses this: {}.", said.empty() ? "no reason given" : said)};
  }
  if (reply.status == 404)
    return {.code = Errc::not_found, .message = "Bitbucket does not find it, or this token may not see it."};
  if (reply.status == 410)
    return {.code = Errc::forge_error,
            .message = fmt::format("Bitbucket has removed what was asked: {}.", said),
            .hint = "A newer Forgelink may know the way."};
  return unexpected(reply, forge);
}

std::optional<Error> without_email(const Target& target) {
  if (target.email || is_access_token(target)) return std::nullopt;
  return Error{.code = Errc::invalid_params,
               .message = "Bitbucket's API wants the address of the Atlassian account beside an API token.",
               .field = "email",
               .hint = "Edit the connection and give the email."};
}

bool same_name(const std::string& a, const std::string& b) { return strcasecmp(a.c_str(), b.c_str()) == 0; }

awaitable<Result<Verification>> verify(http::Client& client, Target target) {
  Verification said;
  if (is_access_token(target)) {
    said.settled = false;
    said.hint =
        "A repository, project or workspace access token has no account that could be asked for; git will "
        "tell whether it works.";
    co_return said;
  }
  if (!target.email) {
    said.settled = false;
    said.hint = "Give the email of the Atlassian account as well, so that the token can be verified.";
    co_return said;
  }
  http::Request request = asking(target, target.endpoints->bitbucket_api + "/user");
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return refusal(*reply, target);
  Result<json::value> user = json_of(*reply, forge);
  if (!user) co_return user.error();
  const auto id = text_of(*user, "uuid");
  if (!id) co_return Error{.code = Errc::forge_error, .message = "Bitbucket did not say whose token it is."};
  auto login = text_of(*user, "username");
  if (!login) login = text_of(*user, "nickname");
  if (target.username && login && !same_name(*target.username, *login)) {
    co_return Error{.code = Errc::username_mismatch,
                    .message = fmt::format("The token belongs to the Bitbucket profile {}, not to {}.",
                                           *login, *target.username),
                    .field = "username",
                    .hint =
                        "The profile's username stands under Personal Bitbucket settings, Account settings, "
                        "Bitbucket profile settings."};
  }
  said.account = ForgeAccount{
      .id = *id, .login = login, .display_name = text_of(*user, "display_name"), .email = target.email};
  std::vector<std::string> scopes = words_of(reply->header("x-oauth-scopes"));
  if (!scopes.empty()) {
    static const std::vector<std::string> needed = {"read:user:bitbucket", "read:workspace:bitbucket",
                                                    "read:repository:bitbucket",
                                                    "write:repository:bitbucket"};
    const auto has = [](const std::vector<std::string>& list, const std::string& scope) {
      return std::find(list.begin(), list.end(), scope) != list.end();
    };
    std::copy_if(needed.begin(), needed.end(), std::back_inserter(said.missing_scopes),
                 [&](const std::string& scope) { return !has(scopes, scope); });
    std::copy_if(scopes.begin(), scopes.end(), std::back_inserter(said.excess_scopes),
                 [&](const std::string& scope) { return !has(needed, scope); });
    said.scopes = std::move(scopes);
  }
  co_return said;
}

// Where the walk over the workspaces stands: the next page of this workspace's repositories, the next page of
// workspaces, and the workspaces still to come.
struct Walk {
  std::string repositories, workspaces;
  std::vector<std::string> slugs;

  static Walk parse(const std::string& text) {
    Walk walk;
    std::vector<std::string> lines(1);
    for (const char c : text) c == '\n' ? (void)lines.emplace_back() : lines.back().push_back(c);
    walk.repositories = lines[0];
    if (lines.size() > 1) walk.workspaces = lines[1];
    if (lines.size() > 2) walk.slugs.assign(lines.begin() + 2, lines.end());
    return walk;
  }
  std::string text() const {
    if (repositories.empty() && workspaces.empty() && slugs.empty()) return "";
    std::string text = repositories + "\n" + workspaces;
    for (const std::string& slug : slugs) text += "\n" + slug;
    return text;
  }
};

std::string without_user(std::string url) {
  const auto scheme = url.find("://");
  const auto at = url.find('@');
  if (scheme != std::string::npos && at != std::string::npos && at < url.find('/', scheme + 3))
    url.erase(scheme + 3, at - scheme - 2);
  return url;
}

std::optional<Repository> repository_of(const json::value& item) {
  const auto id = text_of(item, "uuid");
  const auto path = text_of(item, "full_name");
  if (!id || !path) return std::nullopt;
  Repository out{.id = *id,
                 .path = *path,
                 .name = text_of(item, "name").value_or(*path),
                 .is_private = flag_of(item, "is_private"),
                 .updated_at = time_of(item, "updated_on")};
  if (const json::value* branch = member_of(item, "mainbranch"))
    out.default_branch = text_of(*branch, "name");
  const json::value* links = member_of(item, "links");
  if (links == nullptr) return out;
  if (const json::value* html = member_of(*links, "html")) out.web_url = text_of(*html, "href");
  const json::value* clones = member_of(*links, "clone");
  const json::array* list = clones != nullptr ? list_of(*clones) : nullptr;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto name = text_of((*list)[i], "name"), href = text_of((*list)[i], "href");
    if (!name || !href) continue;
    if (*name == "https") out.clone_url = without_user(*href);
    if (*name == "ssh") out.ssh_url = *href;
  }
  return out;
}

awaitable<Result<json::value>> page_of(http::Client& client, Target target, std::string url) {
  Result<std::string> checked = checked_next(std::move(url), target.endpoints->bitbucket_api, forge);
  if (!checked) co_return checked.error();
  http::Request request = asking(target, *checked);
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return refusal(*reply, target);
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::value* values = member_of(*body, "values");
  if (values == nullptr || !values->is_array()) co_return unexpected(*reply, forge);
  // Where it goes on is looked at before anybody follows it.
  Result<std::string> onward =
      checked_next(text_of(*body, "next").value_or(""), target.endpoints->bitbucket_api, forge);
  if (!onward) co_return onward.error();
  co_return body;
}

awaitable<Result<Page<Repository>>> repositories(http::Client& client, Target target, std::string next,
                                                 std::size_t limit) {
  if (auto error = without_email(target)) co_return *std::move(error);
  Walk walk = Walk::parse(next);
  const std::string& api = target.endpoints->bitbucket_api;
  if (walk.repositories.empty() && walk.slugs.empty()) {
    std::string url = walk.workspaces.empty() ? api + "/user/workspaces?pagelen=100" : walk.workspaces;
    Result<json::value> list = co_await page_of(client, target, std::move(url));
    if (!list) co_return list.error();
    for (const json::value& access : member_of(*list, "values")->get_array()) {
      const json::value* workspace = member_of(access, "workspace");
      const auto slug = workspace != nullptr ? text_of(*workspace, "slug") : std::nullopt;
      if (slug && slug->find('\n') == std::string::npos) walk.slugs.push_back(*slug);
    }
    walk.workspaces = text_of(*list, "next").value_or("");
    if (walk.slugs.empty()) co_return Page<Repository>{.next = walk.text()};
  }
  std::string url = walk.repositories;
  if (url.empty()) {
    url = with_query(api + "/repositories/" + percent_encoded(walk.slugs.front()),
                     {{"role", "member"}, {"pagelen", std::to_string(std::min<std::size_t>(limit, 100))}});
    walk.slugs.erase(walk.slugs.begin());
  }
  Result<json::value> body = co_await page_of(client, target, std::move(url));
  if (!body) co_return body.error();
  Page<Repository> page;
  for (const json::value& item : member_of(*body, "values")->get_array()) {
    if (auto repository = repository_of(item)) page.items.push_back(std::move(*repository));
  }
  walk.repositories = text_of(*body, "next").value_or("");
  page.next = walk.text();
  co_return page;
}

// "Octo Dev <dev@example.org>", maybe without the address.
void read_author(const std::string& raw, Commit& commit) {
  const auto open = raw.rfind('<');
  const auto close = raw.rfind('>');
  if (open == std::string::npos || close == std::string::npos || close < open) {
    if (!raw.empty()) commit.author_name = raw;
    return;
  }
  std::string name = raw.substr(0, open);
  while (name.ends_with(' ')) name.pop_back();
  const std::string email = raw.substr(open + 1, close - open - 1);
  if (!name.empty()) commit.author_name = name;
  if (!email.empty()) commit.author_email = email;
}

std::optional<Commit> commit_of(const json::value& item, const std::string& web) {
  const auto id = text_of(item, "hash");
  if (!id) return std::nullopt;
  Commit out{.id = *id,
             .message = text_of(item, "message").value_or(""),
             .author_date = text_of(item, "date").value_or("")};
  out.title = first_line(out.message);
  if (const json::value* author = member_of(item, "author")) {
    read_author(text_of(*author, "raw").value_or(""), out);
    if (const json::value* user = member_of(*author, "user"))
      out.author_username = text_of(*user, "nickname");
  }
  if (const json::value* links = member_of(item, "links")) {
    if (const json::value* html = member_of(*links, "html")) out.web_url = text_of(*html, "href");
  }
  if (!out.web_url && !web.empty()) out.web_url = web + "/commits/" + out.id;
  return out;
}

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
  co_return Error{.code = Errc::not_found,
                  .message = "There is no repository with this id, or this token may not see it.",
                  .field = "repository"};
}

awaitable<Result<Page<Commit>>> commits(http::Client& client, Target target, CommitQuery query,
                                        std::string next, std::size_t limit) {
  if (auto error = without_email(target)) co_return *std::move(error);
  const RepositoryPlaces places{.web_roots = {target.endpoints->bitbucket_web},
                                .ssh_hosts = {"altssh.bitbucket.org"}};
  Result<std::vector<std::string>> parts = repository_path(query.repository, places);
  if (!parts) co_return parts.error();
  std::string url = next, web;
  const bool by_id = parts->size() == 1 && parts->front().starts_with('{');
  if (!by_id) {
    Result<std::string> path = first_parts(*parts, 2, "workspace/name");
    if (!path) co_return path.error();
    web = target.endpoints->bitbucket_web + "/" + encoded_path(*path);
  }
  if (url.empty()) {
    Result<std::string> path = std::string();
    if (by_id) {
      path = co_await path_of_id(client, target, parts->front());
    } else {
      path = first_parts(*parts, 2, "workspace/name");
    }
    if (!path) co_return path.error();
    url = target.endpoints->bitbucket_api + "/repositories/" + encoded_path(*path) + "/commits";
    if (!query.branch.empty()) url += "/" + percent_encoded(query.branch);
    url = with_query(std::move(url), {{"pagelen", std::to_string(std::min<std::size_t>(limit, 100))}});
  }
  Result<json::value> body = co_await page_of(client, target, std::move(url));
  if (!body) {
    Error error = body.error();
    if (error.code == Errc::not_found) {
      error.field = "repository";
      error.message =
          query.branch.empty()
              ? fmt::format("Bitbucket does not find the repository {}, or this token may not see it.",
                            query.repository)
              : fmt::format("Bitbucket does not find the branch {} of {}, or this token may not see it.",
                            query.branch, query.repository);
    }
    co_return error;
  }
  Page<Commit> page{.next = text_of(*body, "next").value_or("")};
  for (const json::value& item : member_of(*body, "values")->get_array()) {
    if (auto commit = commit_of(item, web)) page.items.push_back(std::move(*commit));
  }
  co_return page;
}

std::optional<Error> token_trouble(std::string_view token) {
  if (token.starts_with("ATBB")) {
    Error error = invalid(
        "token", "This is an app password, and Bitbucket has switched off all of them on 28 July 2026.",
        "Make an API token with scopes (app: Bitbucket) instead.");
    error.url = token_page_url;
    return error;
  }
  return foreign_token(token, forge);
}

}  // namespace

Provider bitbucket() {
  return {
      .id = "bitbucket",
      .label = "Bitbucket",
      .fields = {{"name", "Name", true, false, "What you call this connection."},
                 {"username", "Username", true, false,
                  "The username of your Bitbucket profile (Personal Bitbucket settings, Account settings)."},
                 {"email", "Email", false, false,
                  "The address of your Atlassian account; without it the token cannot be verified, nor "
                  "anything listed."},
                 {"token", "API token", false, true,
                  "An API token with scopes, app Bitbucket; begins with ATATT."},
                 {"expires_at", "Expires", false, false, "When the token ends; Bitbucket does not tell."}},
      .scopes = {{"read:user:bitbucket", "to see whose token it is", true},
                 {"read:workspace:bitbucket", "to list your workspaces", true},
                 {"read:repository:bitbucket", "to list repositories, read commits and clone", true},
                 {"write:repository:bitbucket", "to push; it does not include reading", true}},
      .notices = {{"2026-04-14", "Lists across workspaces are gone; Forgelink asks each workspace.",
                   "https://developer.atlassian.com/cloud/bitbucket/changelog/#CHANGE-2770"},
                  {"2026-07-28", "App passwords do not work any more; API tokens replace them.",
                   token_page_url}},
      .token_page = [](const Target&) { return std::string(token_page_url); },
      .token_trouble = token_trouble,
      .git_roots =
          [](const Target& target) { return std::vector<std::string>{target.endpoints->bitbucket_web}; },
      // Never the email (section 5.3): git wants a fixed name for the kind of token.
      .git_login =
          [](const Target& target) {
            return GitLogin{is_access_token(target) ? "x-token-auth" : "x-bitbucket-api-token-auth"};
          },
      .verify = verify,
      .repositories = repositories,
      .commits = commits};
}

}  // namespace forgelink::forges
