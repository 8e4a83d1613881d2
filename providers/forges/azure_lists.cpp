// What Azure DevOps lists: all repositories at once; commits by $top and $skip.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "providers/forges/azure_api.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges {
namespace {

constexpr std::string_view forge = "Azure DevOps";

std::optional<Repository> repository_of(const json::value& item) {
  const auto id = text_of(item, "id");
  const auto name = text_of(item, "name");
  if (!id || !name || flag_of(item, "isDisabled")) return std::nullopt;
  Repository out{.id = *id,
                 .path = *name,
                 .name = *name,
                 .is_private = true,
                 .default_branch = text_of(item, "defaultBranch"),
                 .ssh_url = text_of(item, "sshUrl"),
                 .web_url = text_of(item, "webUrl")};
  if (const json::value* project = member_of(item, "project")) {
    if (const auto project_name = text_of(*project, "name")) out.path = *project_name + "/" + *name;
    out.is_private = text_of(*project, "visibility") != "public";
    out.updated_at = time_of(*project, "lastUpdateTime");
  }
  if (out.default_branch && out.default_branch->starts_with("refs/heads/")) out.default_branch->erase(0, 11);
  // The user in it is the organization, not a person.
  if (const auto remote = text_of(item, "remoteUrl")) out.clone_url = without_user(*remote);
  return out;
}

std::size_t number_of(const std::string& text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// The array "value" of an answer; null if it has none.
const json::array* values_of(const json::value& body) {
  const json::value* value = member_of(body, "value");
  return value != nullptr ? list_of(*value) : nullptr;
}

// Where the API has a repository, and the web its commits.
struct RepositoryAddress {
  std::string api, web;
};

// From project/_git/name, project/name, _git/name and name (of the project of the same name), or an id; _full
// and _optimized stand for the same repository (providers 9).
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
  commit.title = first_line(commit.message);
  if (const json::value* author = member_of(item, "author")) {
    commit.author_name = text_of(*author, "name");
    commit.author_email = text_of(*author, "email");
    commit.author_date = text_of(*author, "date").value_or("");
  }
  if (!commit.web_url && !repository.web.empty()) commit.web_url = repository.web + *id;
  return commit;
}

// The list cuts messages; the commit itself has it whole. What cannot be had stays cut.
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
  commit.title = first_line(commit.message);
}

Error explained(Error error, const CommitQuery& query) {
  if (error.code != Errc::not_found) return error;
  const std::string what = query.branch.empty()
                               ? fmt::format("the repository {}", query.repository)
                               : fmt::format("the branch {} of {}", query.branch, query.repository);
  error.message = fmt::format("Azure DevOps: {} is not found or not visible to this token.", what);
  error.field = query.branch.empty() ? "repository" : "branch";
  return error;
}

}  // namespace

awaitable<Result<Page<Repository>>> azure_repositories(http::Client& client, Target target, AzureBase base) {
  Query none;
  Result<http::Reply> reply =
      co_await azure_ask_code(client, target, base, "/_apis/git/repositories", std::move(none));
  if (!reply) co_return reply.error();
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::array* list = values_of(*body);
  if (list == nullptr) co_return unexpected(*reply, target, forge);
  std::string().swap(reply->body);  // there may be ten thousand repositories in it
  Page<Repository> page;
  page.items.reserve(list->size());
  for (const json::value& item : *list) {
    if (auto repository = repository_of(item)) page.items.push_back(std::move(*repository));
  }
  co_return page;
}

awaitable<Result<Page<Commit>>> azure_commits(http::Client& client, Target target, AzureBase base,
                                              std::vector<std::string> path, CommitQuery query,
                                              std::string next, std::size_t limit) {
  Result<RepositoryAddress> repository = address_of(path, base);
  if (!repository) co_return repository.error();
  const std::size_t top = std::clamp<std::size_t>(limit, 1, 100), skip = number_of(next);
  Query asked = {{"searchCriteria.$top", std::to_string(top)},
                 {"searchCriteria.$skip", std::to_string(skip)}};
  if (!query.branch.empty()) asked.emplace_back("searchCriteria.itemVersion.version", query.branch);
  Result<http::Reply> reply =
      co_await azure_ask_code(client, target, base, repository->api + "/commits", std::move(asked));
  if (!reply) co_return explained(reply.error(), query);
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::array* list = values_of(*body);
  if (list == nullptr) co_return unexpected(*reply, target, forge);

  Page<Commit> page;
  for (const json::value& item : *list) {
    std::optional<Commit> commit = commit_of(item, *repository);
    if (!commit) continue;
    if (flag_of(item, "commentTruncated"))
      co_await complete_message(client, target, base, repository->api, *commit);
    page.items.push_back(std::move(*commit));
  }
  if (list->size() >= top) {
    page.next = std::to_string(skip + top);
    // Where the list ends is not told.
    for (std::size_t ahead = 2; ahead <= 4; ++ahead) page.ahead.push_back(std::to_string(skip + ahead * top));
  }
  co_return page;
}

}  // namespace forgelink::forges
