// SPDX-License-Identifier: MIT
// What Forgejo lists: repositories and commits, in numbered pages. Where a list goes on is told by headers;
// their addresses are made from the instance's ROOT_URL, which may be wrong behind a proxy, so only that
// there is more is taken from them. Commits are counted from the newest of the first page, so that a push in
// the middle moves nothing.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "providers/forges/forgejo/forgejo_api.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges::forgejo {
namespace {

// An instance gives at most so many, by default; one that gives fewer does so on every page alike.
constexpr std::size_t largest_page = 50;
// So many pages are looked through for a repository's id.
constexpr int most_pages = 2000;

// A continuation: the page, its size, and the commit that the list counts from.
struct Place {
  std::size_t page = 1, size = largest_page;
  std::string newest;

  std::string text() const { return fmt::format("{} {}{}{}", page, size, newest.empty() ? "" : " ", newest); }
};

std::optional<std::size_t> number_in(std::string_view text) {
  std::size_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number == 0) return std::nullopt;
  return number;
}

Result<Place> place_of(std::string_view next, std::size_t limit) {
  Place place{.size = std::clamp<std::size_t>(limit, 1, largest_page)};
  if (next.empty()) return place;
  const std::vector<std::string> words = words_of(next);
  const auto page = words.empty() ? std::nullopt : number_in(words[0]);
  const auto size = words.size() < 2 ? std::nullopt : number_in(words[1]);
  if (!page || !size)
    return Error{.code = Errc::forge_error, .message = "The continuation of the list is none of Forgejo's."};
  place.page = *page;
  place.size = std::min(*size, largest_page);
  if (words.size() > 2) place.newest = words[2];
  return place;
}

bool has_more(const http::Reply& reply) {
  return reply.header("link").find("rel=\"next\"") != std::string_view::npos ||
         reply.header("x-hasmore") == "true";
}

// The items of one page; the continuation if there is more. An empty page ends a list whatever its headers
// say.
template <class T, class ItemOf>
Result<Page<T>> page_of(const http::Reply& reply, const Target& target, const Place& place,
                        const ItemOf& item_of) {
  if (!reply.is_json()) return not_a_forgejo(reply, target);
  Result<json::value> body = json_of(reply, forge);
  if (!body) return body.error();
  const json::array* list = list_of(*body);
  if (list == nullptr) return unexpected(reply, target, forge);
  Page<T> page;
  for (const json::value& item : *list) {
    if (auto one = item_of(item)) page.items.push_back(std::move(*one));
  }
  if (has_more(reply) && !list->empty())
    page.next = Place{.page = place.page + 1, .size = place.size, .newest = place.newest}.text();
  return page;
}

std::optional<Repository> repository_of(const json::value& item) {
  const auto id = id_of(item, "id");
  const auto path = text_of(item, "full_name");
  if (!id || !path) return std::nullopt;
  return Repository{.id = *id,
                    .path = *path,
                    .name = text_of(item, "name").value_or(*path),
                    .is_private = told_flag_of(item, "private"),
                    .archived = told_flag_of(item, "archived"),
                    .default_branch = text_of(item, "default_branch"),
                    .clone_url = text_of(item, "clone_url"),
                    .ssh_url = text_of(item, "ssh_url"),
                    .web_url = text_of(item, "html_url"),
                    .updated_at = time_of(item, "updated_at")};
}

// The address that an account may hide behind: name@noreply.HOST (NO_REPLY_ADDRESS, in its default form).
std::optional<std::string> login_of_noreply(const std::string& email, const Target& target) {
  const auto origin = origin_of(target.server_url.value_or(""));
  const std::string end = "@noreply." + (origin ? origin->host : "");
  if (!origin || !email.ends_with(end) || email.size() == end.size()) return std::nullopt;
  return email.substr(0, email.size() - end.size());
}

std::optional<Commit> commit_of(const json::value& item, const Target& target) {
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
  // Null when the address belongs to no account.
  if (const json::value* account = member_of(item, "author"))
    out.author_username = text_of(*account, "login");
  if (!out.author_username && out.author_email)
    out.author_username = login_of_noreply(*out.author_email, target);
  return out;
}

awaitable<Result<std::string>> path_of_id(http::Client& client, Target target, std::string id) {
  std::string next;
  for (int count = 0; count < most_pages; ++count) {
    Result<Page<Repository>> page = co_await repositories(client, target, next, largest_page);
    if (!page) co_return page.error();
    for (const Repository& repository : page->items) {
      if (repository.id == id) co_return repository.path;
    }
    next = page->next;
    if (next.empty()) break;
  }
  co_return Error{
      .code = Errc::not_found,
      .message = fmt::format(
          "Forgejo: the repository with the id {} is not found or not visible to this token.", id),
      .field = "repository"};
}

// "owner/name" of whatever a person wrote.
awaitable<Result<std::string>> path_of(http::Client& client, Target target, std::string name) {
  const RepositoryPlaces places{.web_roots = {*target.server_url}, .ssh_hosts = {}, .owner_and_name = true};
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
          .message = fmt::format("Forgejo: {} is not found or not visible to this token.", what),
          .field = query.branch.empty() ? "repository" : "branch"};
}

std::string commits_url(const Target& target, const std::string& path, const Place& place,
                        const std::string& branch) {
  // What is not shown is not worked out: statistics, signatures, files.
  std::vector<std::pair<std::string, std::string>> asked = {{"page", std::to_string(place.page)},
                                                            {"limit", std::to_string(place.size)},
                                                            {"stat", "false"},
                                                            {"verification", "false"},
                                                            {"files", "false"}};
  const std::string& from = place.newest.empty() ? branch : place.newest;
  if (!from.empty()) asked.emplace_back("sha", from);
  return with_query(api_root(target) + "/repos/" + encoded_path(path) + "/commits", asked);
}

}  // namespace

awaitable<Result<Page<Repository>>> repositories(http::Client& client, Target target, std::string next,
                                                 std::size_t limit) {
  Result<Place> place = place_of(next, limit);
  if (!place) co_return place.error();
  http::Request request = request_to(
      target, with_query(api_root(target) + "/user/repos",
                         {{"page", std::to_string(place->page)}, {"limit", std::to_string(place->size)}}));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return refusal_of(*reply, target);
  co_return page_of<Repository>(*reply, target, *place, repository_of);
}

awaitable<Result<Page<Commit>>> commits(http::Client& client, Target target, CommitQuery query,
                                        std::string next, std::size_t limit) {
  Result<Place> place = place_of(next, limit);
  if (!place) co_return place.error();
  Result<std::string> path = co_await path_of(client, target, query.repository);
  if (!path) co_return path.error();
  http::Request request = request_to(target, commits_url(target, *path, *place, query.branch));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status == 409) co_return Page<Commit>();  // an empty repository
  if (reply->status != 200) {
    const Error error = refusal_of(*reply, target);
    if (error.code == Errc::not_found) co_return not_found(query);
    co_return error;
  }
  const auto item_of = [&target](const json::value& item) { return commit_of(item, target); };
  Result<Page<Commit>> page = page_of<Commit>(*reply, target, *place, item_of);
  if (page && !page->next.empty() && place->newest.empty() && !page->items.empty())
    page->next += " " + page->items.front().id;
  co_return page;
}

}  // namespace forgelink::forges::forgejo
