// SPDX-License-Identifier: MIT
// What GitHub lists: repositories and commits, in pages that its Link header connects. Commits are counted
// from the newest of the first page (`sha`), so that a push in the middle moves nothing.
#include <fmt/format.h>

#include <charconv>

#include "providers/forges/github/github_api.hpp"
#include "providers/list_guard.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges::github {
namespace {

std::optional<Repository> repository_of(const json::value& item) {
  const auto id = id_of(item, "id");
  const auto path = text_of(item, "full_name");
  if (!id || !path) return std::nullopt;
  const auto pushed = time_of(item, "pushed_at");
  return Repository{.id = *id,
                    .path = *path,
                    .name = text_of(item, "name").value_or(*path),
                    .is_private = told_flag_of(item, "private"),
                    .archived = told_flag_of(item, "archived"),
                    .default_branch = text_of(item, "default_branch"),
                    .clone_url = text_of(item, "clone_url"),
                    .ssh_url = text_of(item, "ssh_url"),
                    .web_url = text_of(item, "html_url"),
                    .updated_at = pushed ? pushed : time_of(item, "updated_at")};
}

// The addresses GitHub gives people to hide theirs: "ID+login@users.noreply.github.com", in old times without
// the id.
std::optional<std::string> login_of_noreply(const std::string& email) {
  constexpr std::string_view host = "@users.noreply.github.com";
  if (!email.ends_with(host)) return std::nullopt;
  std::string local = email.substr(0, email.size() - host.size());
  const auto plus = local.find('+');
  if (plus != std::string::npos && is_number(local.substr(0, plus))) local.erase(0, plus + 1);
  if (local.empty()) return std::nullopt;
  return local;
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

// The number in "...&page=2&..."; 0 if there is none, and where it stands.
std::size_t page_number(std::string_view url, std::size_t& begin, std::size_t& end) {
  begin = url.find("?page=");
  if (begin == std::string_view::npos) begin = url.find("&page=");
  if (begin == std::string_view::npos) return 0;
  begin += 6;
  end = std::min(url.find_first_not_of("0123456789", begin), url.size());
  std::size_t number = 0;
  const auto [at, failed] = std::from_chars(url.data() + begin, url.data() + end, number);
  return failed == std::errc() && at == url.data() + end ? number : 0;
}

// Pages have numbers, and the last one is told (docs/forges.md 3.5).
std::vector<std::string> pages_after(const std::string& next, const std::string& last) {
  constexpr std::size_t most = 8;
  std::size_t begin = 0, end = 0;
  const std::size_t final = page_number(last, begin, end), number = page_number(next, begin, end);
  std::vector<std::string> pages;
  if (number == 0) return pages;
  for (std::size_t n = number + 1; n > number && n <= final && pages.size() < most; ++n) {
    std::string page = next;
    pages.push_back(page.replace(begin, end - begin, std::to_string(n)));
  }
  return pages;
}

// The items of one page, and where the list goes on: looked at before anybody follows it.
template <class T>
Result<Page<T>> page_of(const http::Reply& reply, const Target& target,
                        std::optional<T> (*item_of)(const json::value&)) {
  Result<json::value> body = json_of(reply, forge);
  if (!body) return body.error();
  // What an installation token may see is wrapped in an object.
  const json::value* wrapped = member_of(*body, "repositories");
  const json::array* list = list_of(wrapped != nullptr ? *wrapped : *body);
  if (list == nullptr) return unexpected(reply, target, forge);

  Page<T> page{.partial = reply.header("x-github-sso").starts_with("partial-results")};
  continue_at(link_to("next", reply), github_api(target), forge, page);
  page.ahead = pages_after(page.next, link_to("last", reply));
  for (const json::value& item : *list) {
    if (auto one = item_of(item)) page.items.push_back(std::move(*one));
  }
  return page;
}

// Only documented endpoints know a repository by its path, so an id is looked up in the list.
awaitable<Result<std::string>> path_of_id(http::Client& client, Target target, std::string id) {
  std::string next;
  ListGuard guard;
  do {
    Result<Page<Repository>> page = co_await github_repositories(client, target, next, 100);
    if (!page) co_return page.error();
    for (const Repository& repository : page->items) {
      if (repository.id == id) co_return repository.path;
    }
    next = page->next;
    if (!guard.may_go_on(next, page->items.empty())) break;
  } while (!next.empty());
  co_return Error{.code = Errc::not_found,
                  .message = fmt::format(
                      "GitHub: the repository with the id {} is not found or not visible to this token.", id),
                  .field = "repository"};
}

// "owner/name" of whatever a person wrote.
awaitable<Result<std::string>> path_of(http::Client& client, Target target, std::string name) {
  RepositoryPlaces places{.web_roots = {github_web(target)}, .ssh_hosts = {}, .owner_and_name = true};
  if (!target.server_url) {
    places.web_roots.emplace_back("https://www.github.com");
    places.ssh_hosts = {"github.com", "ssh.github.com"};
  }
  Result<NamedRepository> named = read_repository_name(name, places);
  if (!named) co_return named.error();
  if (named->parts.size() > 1 || !is_number(named->parts.front()))
    co_return first_parts(named->parts, 2, "owner/name");
  Result<std::string> found = co_await path_of_id(client, std::move(target), named->parts.front());
  co_return found;
}

Error not_found(const CommitQuery& query) {
  const std::string what = query.branch.empty()
                               ? fmt::format("the repository {}", query.repository)
                               : fmt::format("the branch {} of {}", query.branch, query.repository);
  return {.code = Errc::not_found,
          .message = fmt::format("GitHub: {} is not found or not visible to this token.", what),
          .field = query.branch.empty() ? "repository" : "branch"};
}

}  // namespace

awaitable<Result<Page<Repository>>> github_repositories(http::Client& client, Target target, std::string next,
                                                        std::size_t limit) {
  Result<std::string> url = checked_next(std::move(next), github_api(target), forge);
  if (!url) co_return url.error();
  if (url->empty()) {
    *url =
        is_installation_token(target)
            ? with_query(github_api(target) + "/installation/repositories", {{"per_page", page_size(limit)}})
            : with_query(github_api(target) + "/user/repos",
                         {{"per_page", page_size(limit)},
                          {"affiliation", "owner,collaborator,organization_member"},
                          {"sort", "full_name"}});
  }
  http::Request request = github_request(target, std::move(*url));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return github_refusal(*reply, target);
  co_return page_of<Repository>(*reply, target, repository_of);
}

awaitable<Result<Page<Commit>>> github_commits(http::Client& client, Target target, CommitQuery query,
                                               std::string next, std::size_t limit) {
  Result<std::string> url = checked_next(std::move(next), github_api(target), forge);
  if (!url) co_return url.error();
  const bool first = url->empty();
  if (first) {
    Result<std::string> path = co_await path_of(client, target, query.repository);
    if (!path) co_return path.error();
    std::vector<std::pair<std::string, std::string>> asked = {{"per_page", page_size(limit)}};
    if (!query.branch.empty()) asked.emplace_back("sha", query.branch);
    *url = with_query(github_api(target) + "/repos/" + encoded_path(*path) + "/commits", asked);
  }
  http::Request request = github_request(target, std::move(*url));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status == 409) co_return Page<Commit>();  // an empty repository
  if (reply->status != 200) {
    Error error = github_refusal(*reply, target);
    // 422 is what a branch gets that no branch can be called.
    if (error.code != Errc::not_found && reply->status != 422) co_return error;
    Error named = not_found(query);
    named.hint = error.hint;
    co_return named;
  }
  Result<Page<Commit>> page = page_of<Commit>(*reply, target, commit_of);
  if (page && first && !page->items.empty() && !page->next.empty()) {
    const std::string newest = page->items.front().id;
    page->next = with_parameter(page->next, "sha", newest);
    for (std::string& later : page->ahead) later = with_parameter(later, "sha", newest);
  }
  co_return page;
}

}  // namespace forgelink::forges::github
