// SPDX-License-Identifier: MIT
// What Bitbucket Data Center lists: repositories and commits, in pages that "nextPageStart" connects. Commits
// are counted from the newest of the first page, so that a push in the middle moves nothing.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "providers/forges/bitbucket_data_center/data_center_api.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges::bitbucket_data_center {
namespace {

// So many pages of 100 are looked through for a repository's id.
constexpr int most_pages = 1000;

// A continuation: where the page begins, and the commit that the list counts from.
struct Place {
  std::int64_t start = 0;
  std::string newest;

  std::string text() const { return std::to_string(start) + (newest.empty() ? "" : " " + newest); }
};

Result<Place> place_of(std::string_view next) {
  Place place;
  if (next.empty()) return place;
  const auto space = next.find(' ');
  const std::string_view number = next.substr(0, space);
  const auto [end, failed] = std::from_chars(number.data(), number.data() + number.size(), place.start);
  if (failed != std::errc() || end != number.data() + number.size() || place.start < 0)
    return Error{.code = Errc::forge_error,
                 .message = "The continuation of the list is none of Bitbucket's."};
  if (space != std::string_view::npos) place.newest = std::string(next.substr(space + 1));
  return place;
}

// The link of that name and kind: {"clone": [{"href", "name": "http"}], "self": [{"href"}]}.
std::optional<std::string> link_of(const json::value& item, std::string_view kind, std::string_view name) {
  const json::value* links = member_of(item, "links");
  const json::value* of_kind = links != nullptr ? member_of(*links, kind) : nullptr;
  const json::array* list = of_kind != nullptr ? list_of(*of_kind) : nullptr;
  if (list == nullptr) return std::nullopt;
  for (const json::value& link : *list) {
    if (name.empty() || text_of(link, "name") == name) return text_of(link, "href");
  }
  return std::nullopt;
}

std::optional<Repository> repository_of(const json::value& item) {
  const auto id = id_of(item, "id");
  const auto slug = text_of(item, "slug");
  const json::value* project = member_of(item, "project");
  const auto key = project != nullptr ? text_of(*project, "key") : std::nullopt;
  if (!id || !slug || !key) return std::nullopt;
  Repository out{.id = *id,
                 .path = *key + "/" + *slug,
                 .name = text_of(item, "name").value_or(*slug),
                 .archived = told_flag_of(item, "archived"),
                 .ssh_url = link_of(item, "clone", "ssh"),
                 .web_url = link_of(item, "self", "")};
  if (const auto open = told_flag_of(item, "public")) out.is_private = !*open;
  if (const auto clone = link_of(item, "clone", "http")) out.clone_url = without_user(*clone);
  return out;
}

// A linked author is a user with a slug; any other has what git wrote as "name".
std::optional<Commit> commit_of(const json::value& item, const std::string& web) {
  const auto id = text_of(item, "id");
  if (!id) return std::nullopt;
  Commit out{.id = *id, .message = text_of(item, "message").value_or(""), .web_url = web + "/commits/" + *id};
  out.title = first_line(out.message);
  if (const json::value* author = member_of(item, "author")) {
    out.author_name = text_of(*author, "displayName");
    if (!out.author_name) out.author_name = text_of(*author, "name");
    out.author_email = text_of(*author, "emailAddress");
    if (text_of(*author, "slug")) out.author_username = text_of(*author, "name");
  }
  const json::value* stamp = member_of(item, "authorTimestamp");
  if (stamp != nullptr && stamp->is_int64()) {
    const std::chrono::seconds since(stamp->get_int64() / 1000);
    out.author_date = rfc3339(Time(since));
  }
  return out;
}

awaitable<Result<std::string>> path_of_id(http::Client& client, Target target, std::string id) {
  std::string next;
  for (int count = 0; count < most_pages; ++count) {
    Result<Page<Repository>> page = co_await repositories(client, target, next, 100);
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
          "Bitbucket: the repository with the id {} is not found or not visible to this token.", id),
      .field = "repository"};
}

// KEY/slug of what follows the server's root: scm/KEY/slug.git, projects/KEY/repos/slug/…,
// users/name/repos/slug. Behind a slug an address may go on; a plain path may not.
Result<std::string> path_of_parts(std::vector<std::string> parts, bool plain) {
  const auto drop = [&](std::size_t index) {
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(index));
  };
  if (parts.size() >= 3 && parts[0] == "scm") {
    drop(0);
  } else if (parts.size() >= 4 && parts[2] == "repos" && (parts[0] == "projects" || parts[0] == "users")) {
    // A person's repositories are in the project "~name".
    if (parts[0] == "users") parts[1] = "~" + parts[1];
    drop(2);
    drop(0);
  } else if (plain && parts.size() > 2) {
    return not_a_repository("PROJECT/repository");
  }
  return first_parts(parts, 2, "PROJECT/repository");
}

awaitable<Result<std::string>> path_of(http::Client& client, Target target, std::string name) {
  const RepositoryPlaces places{.web_roots = {*target.server_url}, .ssh_hosts = {}};
  Result<NamedRepository> named = read_repository_name(name, places);
  if (!named) co_return named.error();
  const bool is_id = named->parts.size() == 1 && is_number(named->parts.front());
  if (!is_id) co_return path_of_parts(std::move(named->parts), named->host.empty());
  Result<std::string> found = co_await path_of_id(client, std::move(target), named->parts.front());
  co_return found;
}

// "KEY/slug" as the addresses have it: what stands between KEY and slug differs.
std::string rest_path(const std::string& path) {
  const auto slash = path.find('/');
  return "/projects/" + percent_encoded(path.substr(0, slash)) + "/repos/" +
         percent_encoded(path.substr(slash + 1));
}

Error not_found(const CommitQuery& query, bool branch) {
  const std::string what = branch ? fmt::format("the branch {} of {}", query.branch, query.repository)
                                  : fmt::format("the repository {}", query.repository);
  return {.code = Errc::not_found,
          .message = fmt::format("Bitbucket: {} is not found or not visible to this token.", what),
          .field = branch ? "branch" : "repository"};
}

// The refusal of a list of commits: nothing was ever pushed, no such branch, no such repository.
Result<Page<Commit>> refused_commits(const http::Reply& reply, const Target& target,
                                     const CommitQuery& query) {
  Error error = refusal_of(reply, target);
  if (error.code != Errc::not_found) return error;
  const json::value* why = error.details.if_contains("exception");
  const std::string exception = why != nullptr ? std::string(why->get_string()) : "";
  if (exception.find("NoDefaultBranch") != std::string::npos) return Page<Commit>();
  return not_found(query, exception.find("NoSuchCommit") != std::string::npos && !query.branch.empty());
}

}  // namespace

awaitable<Result<Page<Repository>>> repositories(http::Client& client, Target target, std::string next,
                                                 std::size_t limit) {
  Result<Place> place = place_of(next);
  if (!place) co_return place.error();
  http::Request request =
      request_to(target, with_query(rest_root(target) + "/repos", {{"permission", "REPO_READ"},
                                                                   {"limit", page_size(limit)},
                                                                   {"start", std::to_string(place->start)}}));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return refusal_of(*reply, target);
  Result<Values> values = values_of(*reply, target, place->start);
  if (!values) co_return values.error();
  Page<Repository> page;
  for (const json::value& item : values->items) {
    if (auto repository = repository_of(item)) page.items.push_back(std::move(*repository));
  }
  if (values->next) page.next = Place{.start = *values->next}.text();
  co_return page;
}

awaitable<Result<Page<Commit>>> commits(http::Client& client, Target target, CommitQuery query,
                                        std::string next, std::size_t limit) {
  Result<Place> place = place_of(next);
  if (!place) co_return place.error();
  Result<std::string> path = co_await path_of(client, target, query.repository);
  if (!path) co_return path.error();
  std::vector<std::pair<std::string, std::string>> asked = {{"limit", page_size(limit)},
                                                            {"start", std::to_string(place->start)}};
  const std::string from = place->newest.empty() ? query.branch : place->newest;
  if (!from.empty()) asked.emplace_back("until", from);
  http::Request request =
      request_to(target, with_query(rest_root(target) + rest_path(*path) + "/commits", asked));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return refused_commits(*reply, target, query);
  Result<Values> values = values_of(*reply, target, place->start);
  if (!values) co_return values.error();
  Page<Commit> page;
  const std::string web = *target.server_url + rest_path(*path);
  for (const json::value& item : values->items) {
    if (auto commit = commit_of(item, web)) page.items.push_back(std::move(*commit));
  }
  if (values->next) {
    std::string newest = place->newest;
    if (newest.empty() && !page.items.empty()) newest = page.items.front().id;
    page.next = Place{.start = *values->next, .newest = std::move(newest)}.text();
  }
  co_return page;
}

}  // namespace forgelink::forges::bitbucket_data_center
