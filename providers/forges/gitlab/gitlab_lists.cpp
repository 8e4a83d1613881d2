// SPDX-License-Identifier: MIT
// What GitLab lists: projects by keyset, commits by number, both in pages that its Link header connects.
// Commits are counted from the newest of the first page (`ref_name`), so that a push in the middle moves
// nothing.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "providers/forges/gitlab/gitlab_api.hpp"
#include "providers/forges/gitlab/gitlab_authors.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges::gitlab {
namespace {

// Where the pages of a project begin: /-/ since GitLab 16, before that any of these names, which no project
// may have (GitLab documentation, "Reserved project and group names").
bool is_page(const std::string& part) {
  static const std::set<std::string, std::less<>> pages = {
      "-",      "badges",    "blame", "blob",       "builds", "commit", "commits",        "create",
      "edit",   "files",     "find",  "gitlab-lfs", "info",   "issues", "merge_requests", "network",
      "graphs", "pipelines", "new",   "preview",    "raw",    "refs",   "releases",       "repository",
      "tags",   "branches",  "tree",  "update",     "wikis"};
  return pages.contains(part);
}

std::optional<Repository> repository_of(const json::value& item) {
  const auto id = id_of(item, "id");
  const auto path = text_of(item, "path_with_namespace");
  if (!id || !path) return std::nullopt;
  const auto visibility = text_of(item, "visibility");
  const auto hidden = visibility ? std::optional(*visibility != "public") : std::nullopt;
  return Repository{.id = *id,
                    .path = *path,
                    .name = text_of(item, "name").value_or(*path),
                    .is_private = hidden,
                    .archived = told_flag_of(item, "archived"),
                    .default_branch = text_of(item, "default_branch"),
                    .clone_url = text_of(item, "http_url_to_repo"),
                    .ssh_url = text_of(item, "ssh_url_to_repo"),
                    .web_url = text_of(item, "web_url"),
                    .updated_at = time_of(item, "last_activity_at")};
}

std::optional<Commit> commit_of(const json::value& item) {
  const auto id = text_of(item, "id");
  if (!id) return std::nullopt;
  Commit commit{.id = *id,
                .title = text_of(item, "title").value_or(""),
                .message = text_of(item, "message").value_or(""),
                .author_name = text_of(item, "author_name"),
                .author_email = text_of(item, "author_email"),
                .author_date = text_of(item, "authored_date").value_or(""),
                .web_url = text_of(item, "web_url")};
  if (commit.title.empty()) commit.title = first_line(commit.message);
  return commit;
}

// The items of one page, and where the list goes on: looked at before anybody follows it.
template <class T>
Result<Page<T>> page_of(const http::Reply& reply, const Target& target,
                        std::optional<T> (*item_of)(const json::value&)) {
  Result<json::value> body = gitlab_json(reply, target);
  if (!body) return body.error();
  const json::array* list = list_of(*body);
  if (list == nullptr) return unexpected(reply, target, forge);
  Page<T> page;
  continue_at(link_to("next", reply), gitlab_api(target), forge, page);
  for (const json::value& item : *list) {
    if (auto one = item_of(item)) page.items.push_back(std::move(*one));
  }
  return page;
}

// A project as the API wants it in a path: its number, or its encoded path.
Result<std::string> project_of(const std::string& name, const Target& target) {
  RepositoryPlaces places{.web_roots = {gitlab_root(target)}};
  if (!target.server_url) places.ssh_hosts = {"gitlab.com", "altssh.gitlab.com"};
  Result<NamedRepository> named = read_repository_name(name, places);
  if (!named) return named.error();
  std::vector<std::string>& parts = named->parts;
  parts.erase(
      std::find_if(parts.begin() + std::min<std::ptrdiff_t>(2, std::ssize(parts)), parts.end(), is_page),
      parts.end());
  if (parts.size() == 1 && is_number(parts.front())) return parts.front();
  if (parts.size() < 2) return not_a_repository("group/project");
  Result<std::string> path = first_parts(parts, parts.size(), "group/project");
  if (!path) return path;
  return percent_encoded(*path);
}

// A GitLab that is set up with another address than the one it was given here by: what git is told to clone
// from is then not what this connection's token goes to (docs/forges.md 4.5).
std::string other_address(const Page<Repository>& page, const Target& target) {
  const auto own = origin_of(gitlab_root(target));
  for (const Repository& repository : page.items) {
    const auto said = repository.clone_url ? origin_of(*repository.clone_url) : std::nullopt;
    if (!said || said == own) continue;
    return fmt::format(
        "This GitLab calls itself {}: git will ask for that address, and this connection is for {}.",
        shown(said->text(), target), own ? own->text() : gitlab_root(target));
  }
  return "";
}

Error not_found(const CommitQuery& query) {
  const std::string what = query.branch.empty()
                               ? fmt::format("the project {}", query.repository)
                               : fmt::format("the branch {} of {}", query.branch, query.repository);
  return {.code = Errc::not_found,
          .message = fmt::format("GitLab: {} is not found or not visible to this token.", what),
          .field = query.branch.empty() ? "repository" : "branch"};
}

}  // namespace

awaitable<Result<Page<Repository>>> gitlab_repositories(http::Client& client, Target target, std::string next,
                                                        std::size_t limit) {
  Result<std::string> url = checked_next(std::move(next), gitlab_root(target), forge);
  if (!url) co_return url.error();
  if (url->empty()) {
    // Not in the simple form, which leaves out visibility and whether a project is archived.
    *url = with_query(gitlab_api(target) + "/projects", {{"membership", "true"},
                                                         {"per_page", page_size(limit)},
                                                         {"pagination", "keyset"},
                                                         {"order_by", "id"},
                                                         {"sort", "asc"}});
  }
  http::Request request = gitlab_request(target, std::move(*url));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return gitlab_refusal(*reply, target);
  Result<Page<Repository>> page = page_of<Repository>(*reply, target, repository_of);
  if (page && page->notice.empty()) page->notice = other_address(*page, target);
  co_return page;
}

awaitable<Result<Page<Commit>>> gitlab_commits(http::Client& client, Target target, CommitQuery query,
                                               std::string next, std::size_t limit) {
  Result<std::string> url = checked_next(std::move(next), gitlab_root(target), forge);
  if (!url) co_return url.error();
  const bool first = url->empty();
  if (first) {
    Result<std::string> project = project_of(query.repository, target);
    if (!project) co_return project.error();
    std::vector<std::pair<std::string, std::string>> asked = {{"per_page", page_size(limit)}};
    if (!query.branch.empty()) asked.emplace_back("ref_name", query.branch);
    *url = with_query(gitlab_api(target) + "/projects/" + *project + "/repository/commits", asked);
  }
  http::Request request = gitlab_request(target, std::move(*url));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status == 404) {
    // The project is there, but nothing was ever pushed to it.
    if (message_of(*reply, target).find("Repository Not Found") != std::string::npos)
      co_return Page<Commit>();
    Error error = not_found(query);
    // A proxy before GitLab that decodes %2F finds nothing either (docs/forges.md 4.1), and answers with a
    // page of its own.
    if (!reply->is_json())
      error.hint = "Name the project by its number, if a proxy stands before this GitLab.";
    co_return error;
  }
  if (reply->status != 200) co_return gitlab_refusal(*reply, target);
  Result<Page<Commit>> page = page_of<Commit>(*reply, target, commit_of);
  if (page && first && !page->items.empty() && !page->next.empty())
    page->next = with_parameter(page->next, "ref_name", page->items.front().id);
  if (page) co_await add_gitlab_usernames(client, std::move(target), page->items);
  co_return page;
}

}  // namespace forgelink::forges::gitlab
