// SPDX-License-Identifier: MIT
// What Bitbucket lists: workspaces, the repositories of each, and commits, in pages that "next" in the body
// connects.
#include <fmt/format.h>

#include <algorithm>

#include "providers/forges/bitbucket/bitbucket_api.hpp"
#include "providers/list_guard.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges::bitbucket {
namespace {

// Where the walk over the workspaces stands: the next page of this workspace's repositories, the next page of
// workspaces, and the workspaces still to come.
struct Walk {
  std::string repositories, workspaces;
  std::vector<std::string> slugs;

  static Walk parse(std::string_view text) {
    std::vector<std::string> lines(1);
    for (const char c : text) {
      if (c == '\n') {
        lines.emplace_back();
      } else {
        lines.back().push_back(c);
      }
    }
    Walk walk{.repositories = lines[0]};
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

// "values" and "next" of a page; `next` in a Page of nothing else, for what is said about it.
struct Values {
  json::value body;
  Page<Repository> where;

  const json::array& items() const { return member_of(body, "values")->get_array(); }
};

awaitable<Result<Values>> values_at(http::Client& client, Target target, std::string url) {
  Result<std::string> checked = checked_next(std::move(url), bitbucket_api(target), forge);
  if (!checked) co_return checked.error();
  http::Request request = bitbucket_request(target, std::move(*checked));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return bitbucket_refusal(*reply, target);
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::value* values = member_of(*body, "values");
  if (values == nullptr || !values->is_array()) co_return unexpected(*reply, target, forge);
  Values page;
  continue_at(text_of(*body, "next").value_or(""), bitbucket_api(target), forge, page.where);
  page.body = std::move(*body);
  co_return page;
}

std::optional<std::string> link_of(const json::value& item, std::string_view name) {
  const json::value* links = member_of(item, "links");
  const json::value* link = links != nullptr ? member_of(*links, name) : nullptr;
  return link != nullptr ? text_of(*link, "href") : std::nullopt;
}

std::optional<Repository> repository_of(const json::value& item) {
  const auto id = text_of(item, "uuid");
  const auto path = text_of(item, "full_name");
  if (!id || !path) return std::nullopt;
  Repository out{.id = *id,
                 .path = *path,
                 .name = text_of(item, "name").value_or(*path),
                 .is_private = told_flag_of(item, "is_private"),
                 .web_url = link_of(item, "html"),
                 .updated_at = time_of(item, "updated_on")};
  if (const json::value* branch = member_of(item, "mainbranch"))
    out.default_branch = text_of(*branch, "name");
  const json::value* links = member_of(item, "links");
  const json::value* clones = links != nullptr ? member_of(*links, "clone") : nullptr;
  const json::array* list = clones != nullptr ? list_of(*clones) : nullptr;
  if (list == nullptr) return out;
  for (const json::value& clone : *list) {
    const auto name = text_of(clone, "name"), href = text_of(clone, "href");
    if (!name || !href) continue;
    // Clone links may carry a user name (docs/forges.md 5.5).
    if (*name == "https") out.clone_url = without_user(*href);
    if (*name == "ssh") out.ssh_url = *href;
  }
  return out;
}

// "Octo Dev <dev@example.org>", maybe without the address.
void read_author(const std::string& raw, Commit& commit) {
  const auto open = raw.rfind('<');
  const auto close = raw.rfind('>');
  const bool bracketed = open != std::string::npos && close != std::string::npos && close > open;
  std::string name = bracketed ? raw.substr(0, open) : raw;
  while (name.ends_with(' ')) name.pop_back();
  if (!name.empty()) commit.author_name = name;
  if (bracketed && close > open + 1) commit.author_email = raw.substr(open + 1, close - open - 1);
}

std::optional<Commit> commit_of(const json::value& item, const std::string& web) {
  const auto id = text_of(item, "hash");
  if (!id) return std::nullopt;
  Commit out{.id = *id,
             .message = text_of(item, "message").value_or(""),
             .author_date = text_of(item, "date").value_or(""),
             .web_url = link_of(item, "html")};
  out.title = first_line(out.message);
  if (const json::value* author = member_of(item, "author")) {
    read_author(text_of(*author, "raw").value_or(""), out);
    // There only if the address is known to belong to an account.
    if (const json::value* user = member_of(*author, "user"))
      out.author_username = text_of(*user, "nickname");
  }
  if (!out.web_url && !web.empty()) out.web_url = web + "/commits/" + out.id;
  return out;
}

// Why a list cannot be asked for at all with what the connection has.
std::optional<Error> cannot_list(const Target& target) {
  if (target.oauth || target.email || is_bitbucket_access_token(target)) return std::nullopt;
  return invalid("email", "Bitbucket's API wants the address of the Atlassian account beside an API token.",
                 "Edit the connection and give the email.");
}

awaitable<Result<std::string>> path_of_id(http::Client& client, Target target, std::string id) {
  std::string next;
  ListGuard guard;
  do {
    Result<Page<Repository>> page = co_await bitbucket_repositories(client, target, next, 100);
    if (!page) co_return page.error();
    for (const Repository& repository : page->items) {
      if (repository.id == id) co_return repository.path;
    }
    next = page->next;
    if (!guard.may_go_on(next, page->items.empty())) break;
  } while (!next.empty());
  co_return Error{
      .code = Errc::not_found,
      .message = "Bitbucket: the repository with this id is not found or not visible to this token.",
      .field = "repository"};
}

// "workspace/name" of whatever a person wrote.
awaitable<Result<std::string>> path_of(http::Client& client, Target target, std::string name) {
  const RepositoryPlaces places{.web_roots = {bitbucket_web(target)},
                                .ssh_hosts = {"bitbucket.org", "altssh.bitbucket.org"},
                                .owner_and_name = true};
  Result<NamedRepository> named = read_repository_name(name, places);
  if (!named) co_return named.error();
  const std::string first = named->parts.front();
  if (named->parts.size() > 1 || !first.starts_with('{'))
    co_return first_parts(named->parts, 2, "workspace/name");
  Result<std::string> found = co_await path_of_id(client, std::move(target), first);
  co_return found;
}

// In the path a revision is one segment; a name with anything but plain letters in it goes into `include`.
std::string commits_url(const std::string& repository, const std::string& branch, std::size_t limit) {
  const bool plain = std::all_of(branch.begin(), branch.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  });
  std::vector<std::pair<std::string, std::string>> query = {{"pagelen", page_size(limit)}};
  if (!plain) query.emplace_back("include", branch);
  return with_query(repository + "/commits" + (plain && !branch.empty() ? "/" + branch : ""), query);
}

Error not_found(const CommitQuery& query) {
  const std::string what = query.branch.empty()
                               ? fmt::format("the repository {}", query.repository)
                               : fmt::format("the branch {} of {}", query.branch, query.repository);
  return {.code = Errc::not_found,
          .message = fmt::format("Bitbucket: {} is not found or not visible to this token.", what),
          .field = query.branch.empty() ? "repository" : "branch"};
}

}  // namespace

awaitable<Result<Page<Repository>>> bitbucket_repositories(http::Client& client, Target target,
                                                           std::string next, std::size_t limit) {
  if (auto error = cannot_list(target)) co_return *std::move(error);
  if (is_bitbucket_access_token(target)) {
    co_return Error{
        .code = Errc::scope_missing,
        .message = "An access token of a repository, project or workspace cannot list repositories.",
        .hint = "For lists make an API token of your account.",
        .url = bitbucket_token_page};
  }
  const std::string api = bitbucket_api(target);
  Walk walk = Walk::parse(next);
  // Lists across workspaces have ended, so each is asked for its own (docs/forges.md 5.1 and 5.5).
  if (walk.repositories.empty() && walk.slugs.empty()) {
    std::string url = walk.workspaces.empty() ? api + "/user/workspaces?pagelen=100" : walk.workspaces;
    Result<Values> workspaces = co_await values_at(client, target, std::move(url));
    if (!workspaces) co_return workspaces.error();
    for (const json::value& access : workspaces->items()) {
      const json::value* workspace = member_of(access, "workspace");
      const auto slug = workspace != nullptr ? text_of(*workspace, "slug") : std::nullopt;
      if (slug && slug->find('\n') == std::string::npos) walk.slugs.push_back(*slug);
    }
    walk.workspaces = workspaces->where.next;
    if (walk.slugs.empty())
      co_return Page<Repository>{
          .next = walk.text(), .partial = workspaces->where.partial, .notice = workspaces->where.notice};
  }
  std::string url = walk.repositories;
  if (url.empty()) {
    url = with_query(api + "/repositories/" + percent_encoded(walk.slugs.front()),
                     {{"role", "member"}, {"pagelen", page_size(limit)}});
    walk.slugs.erase(walk.slugs.begin());
  }
  Result<Values> repositories = co_await values_at(client, target, std::move(url));
  if (!repositories) co_return repositories.error();
  Page<Repository> page;
  for (const json::value& item : repositories->items()) {
    if (auto repository = repository_of(item)) page.items.push_back(std::move(*repository));
  }
  walk.repositories = repositories->where.next;
  page.partial = repositories->where.partial;
  page.notice = repositories->where.notice;
  page.next = walk.text();
  co_return page;
}

// A continuation is the address to go on with and, on a second line, that of the repository's page.
awaitable<Result<Page<Commit>>> bitbucket_commits(http::Client& client, Target target, CommitQuery query,
                                                  std::string next, std::size_t limit) {
  if (auto error = cannot_list(target)) co_return *std::move(error);
  const auto line = next.find('\n');
  std::string url = next.substr(0, line), web = line == std::string::npos ? "" : next.substr(line + 1);
  if (url.empty()) {
    Result<std::string> path = co_await path_of(client, target, query.repository);
    if (!path) co_return path.error();
    web = bitbucket_web(target) + "/" + encoded_path(*path);
    url = commits_url(bitbucket_api(target) + "/repositories/" + encoded_path(*path), query.branch, limit);
  }
  Result<Values> commits = co_await values_at(client, target, std::move(url));
  if (!commits) {
    if (commits.error().code == Errc::not_found) co_return not_found(query);
    co_return commits.error();
  }
  Page<Commit> page;
  for (const json::value& item : commits->items()) {
    if (auto commit = commit_of(item, web)) page.items.push_back(std::move(*commit));
  }
  page.partial = commits->where.partial;
  if (!commits->where.next.empty()) page.next = commits->where.next + "\n" + web;
  co_return page;
}

}  // namespace forgelink::forges::bitbucket
