// SPDX-License-Identifier: MIT
// Commits of Azure DevOps, by $top and $skip, counted from the newest commit of the first page, so that a
// push in the middle moves nothing.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/when_all.hpp"
#include "providers/forges/azure_devops/azure_api.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges::azure_devops {
namespace {

bool is_commit_id(std::string_view text) {
  return text.size() == 40 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

// Where a list of commits goes on: how many are over, and of which commit's history.
struct CommitPlace {
  std::size_t skip = 0;
  std::string from;

  static CommitPlace parse(const std::string& text) {
    CommitPlace place;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), place.skip);
    if (failed == std::errc() && *end == ' ') place.from = end + 1;
    if (!is_commit_id(place.from)) place.from.clear();
    return place;
  }
  std::string text() const { return std::to_string(skip) + (from.empty() ? "" : " " + from); }
};

// What to list the history of, as the API wants it named.
struct Version {
  std::string name, type;  // "" for the default branch

  static Version of(const std::string& branch) {
    for (const auto& [prefix, type] : {std::pair("refs/heads/", "branch"), std::pair("refs/tags/", "tag")}) {
      if (branch.starts_with(prefix)) return {branch.substr(std::string_view(prefix).size()), type};
    }
    return {branch, is_commit_id(branch) ? "commit" : "branch"};
  }
  void add_to(Query& query) const {
    if (name.empty()) return;
    query.emplace_back("searchCriteria.itemVersion.version", name);
    if (type != "branch") query.emplace_back("searchCriteria.itemVersion.versionType", type);
  }
};

// Where the API has a repository, and the web its commits.
struct RepositoryAddress {
  std::string api, web;
};

// From project/_git/name, project/name, _git/name and name (of the project of the same name), or an id; _full
// and _optimized stand for the same repository (docs/forges.md 9).
Result<RepositoryAddress> address_of(const std::vector<std::string>& path, const AzureBase& base) {
  if (path.size() == 1 && is_uuid(path.front()))
    return RepositoryAddress{.api = "/_apis/git/repositories/" + path.front(), .web = ""};
  std::vector<std::string> project, name;
  const auto mark = std::find(path.begin(), path.end(), "_git");
  if (mark != path.end()) {
    project.assign(path.begin(), mark);
    name.assign(mark + 1, path.end());
    if (!name.empty() && (name.front() == "_full" || name.front() == "_optimized")) name.erase(name.begin());
  } else if (!path.empty() && path.size() <= 2) {
    project.assign(path.begin(), path.end() - 1);
    name = {path.back()};
  }
  if (project.empty() && !name.empty()) project = {name.front()};
  if (project.size() != 1 || name.empty()) return not_a_repository("project/repository");
  const std::string in = percent_encoded(project.front()), at = percent_encoded(name.front());
  return RepositoryAddress{.api = "/" + in + "/_apis/git/repositories/" + at,
                           .web = base.url + "/" + in + "/_git/" + at + "/commit/"};
}

std::optional<Commit> commit_of(const json::value& item, const RepositoryAddress& repository) {
  const auto id = text_of(item, "commitId");
  if (!id) return std::nullopt;
  Commit commit{
      .id = *id, .message = text_of(item, "comment").value_or(""), .web_url = text_of(item, "remoteUrl")};
  if (commit.web_url) commit.web_url = without_user(*commit.web_url);
  commit.title = first_line(commit.message);
  if (const json::value* author = member_of(item, "author")) {
    commit.author_name = text_of(*author, "name");
    commit.author_email = text_of(*author, "email");
    commit.author_date = text_of(*author, "date").value_or("");
  }
  if (!commit.web_url && !repository.web.empty()) commit.web_url = repository.web + *id;
  return commit;
}

// The list cuts messages; the commit itself has it whole. What cannot be had stays cut, and is said to be.
awaitable<> complete_message(http::Client& client, Target target, AzureBase base, std::string repository,
                             Commit& commit) {
  std::string path = repository + "/commits/" + percent_encoded(commit.id);
  Query none;
  Result<http::Reply> reply =
      co_await azure_ask(client, std::move(target), std::move(base), std::move(path), std::move(none), false);
  if (!reply || reply->status != 200) co_return;
  Result<json::value> whole = json_of(*reply, forge);
  if (!whole) co_return;
  commit.message = text_of(*whole, "comment").value_or(commit.message);
  commit.message_truncated = false;
  commit.title = first_line(commit.message);
}

Error explained(Error error, const CommitQuery& query) {
  if (error.code != Errc::not_found) return error;
  const std::string what = query.branch.empty()
                               ? fmt::format("the repository {}", query.repository)
                               : fmt::format("the branch {} of {}", query.branch, query.repository);
  const json::value* said = error.details.if_contains("said");
  error.message = fmt::format("Azure DevOps: {} is not found or not visible to this token{}.", what,
                              because(said != nullptr ? std::string(said->as_string()) : ""));
  error.field = query.branch.empty() ? "repository" : "branch";
  return error;
}

}  // namespace

awaitable<Result<Page<Commit>>> azure_commits(http::Client& client, Target target, AzureBase base,
                                              std::vector<std::string> path, CommitQuery query,
                                              std::string next, std::size_t limit) {
  Result<RepositoryAddress> repository = address_of(path, base);
  if (!repository) co_return repository.error();
  const std::size_t top = std::clamp<std::size_t>(limit, 1, 100);
  CommitPlace place = CommitPlace::parse(next);
  Version version = place.from.empty() ? Version::of(query.branch) : Version{place.from, "commit"};
  Result<http::Reply> reply = Error{};
  while (true) {
    Query asked = {{"searchCriteria.$top", std::to_string(top)},
                   {"searchCriteria.$skip", std::to_string(place.skip)}};
    version.add_to(asked);
    std::string commits = repository->api + "/commits";
    reply = co_await azure_ask_code(client, target, base, std::move(commits), std::move(asked));
    // What is no branch may be a tag.
    const bool may_be_tag = !reply && reply.error().code == Errc::not_found && version.type == "branch" &&
                            version.name == query.branch && !version.name.empty();
    if (!may_be_tag) break;
    version.type = "tag";
  }
  if (!reply) co_return explained(reply.error(), query);
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::array* list = azure_values(*body);
  if (list == nullptr) co_return unexpected(*reply, target, forge);

  Page<Commit> page;
  page.items.reserve(list->size());
  std::vector<std::function<awaitable<>()>> cut;
  for (const json::value& item : *list) {
    std::optional<Commit> commit = commit_of(item, *repository);
    if (!commit) continue;
    page.items.push_back(std::move(*commit));
    page.items.back().message_truncated = flag_of(item, "commentTruncated");
    if (query.full_messages && page.items.back().message_truncated)
      cut.emplace_back([&, at = page.items.size() - 1] {
        return complete_message(client, target, base, repository->api, page.items[at]);
      });
  }
  co_await when_all(std::move(cut));
  if (list->size() >= top) {
    if (place.from.empty() && !page.items.empty() && is_commit_id(page.items.front().id))
      place.from = page.items.front().id;
    const std::size_t begin = place.skip;
    const auto after = [&](std::size_t pages) {
      return CommitPlace{.skip = begin + pages * top, .from = place.from}.text();
    };
    page.next = after(1);
    // Where the list ends is not told.
    page.ahead = {after(2), after(3), after(4)};
  }
  co_return page;
}

}  // namespace forgelink::forges::azure_devops
