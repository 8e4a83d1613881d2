// SPDX-License-Identifier: MIT
// Repositories of Azure DevOps. The list of an organization has no pages; one that is larger than a reply may
// be is walked project by project.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>

#include "providers/forges/azure_devops/azure_api.hpp"

namespace forgelink::forges::azure_devops {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t projects_page = 100;
constexpr std::size_t most_ahead = 3;

std::optional<Repository> repository_of(const json::value& item) {
  const auto id = text_of(item, "id");
  const auto name = text_of(item, "name");
  if (!id || !name || flag_of(item, "isDisabled")) return std::nullopt;
  Repository out{.id = *id,
                 .path = *name,
                 .name = *name,
                 .default_branch = text_of(item, "defaultBranch"),
                 .ssh_url = text_of(item, "sshUrl"),
                 .web_url = text_of(item, "webUrl")};
  if (const json::value* project = member_of(item, "project")) {
    if (const auto project_name = text_of(*project, "name")) out.path = *project_name + "/" + *name;
    if (const auto visibility = text_of(*project, "visibility")) out.is_private = *visibility != "public";
    out.updated_at = time_of(*project, "lastUpdateTime");
  }
  if (out.default_branch && out.default_branch->starts_with("refs/heads/")) out.default_branch->erase(0, 11);
  // The user in it is the organization, not a person.
  if (const auto remote = text_of(item, "remoteUrl")) out.clone_url = without_user(*remote);
  return out;
}

// Where the walk over the projects stands: those still to come, and how many of the list of projects were
// read. As text it begins with a newline, which no path does.
struct Walk {
  std::size_t skip = 0;
  bool more = true;  // the list of projects goes on
  std::vector<std::string> projects;

  static bool is_one(std::string_view text) { return text.starts_with('\n'); }

  static Walk parse(std::string_view text) {
    Walk walk;
    text.remove_prefix(1);
    const std::string_view first = text.substr(0, text.find('\n'));
    const auto [end, failed] = std::from_chars(first.data(), first.data() + first.size(), walk.skip);
    walk.more = failed == std::errc();
    while (text.find('\n') != std::string_view::npos) {
      text.remove_prefix(text.find('\n') + 1);
      walk.projects.emplace_back(text.substr(0, text.find('\n')));
    }
    return walk;
  }

  std::string text() const {
    if (projects.empty() && !more) return "";
    std::string text = more ? "\n" + std::to_string(skip) : "\nend";
    for (const std::string& project : projects) text += "\n" + project;
    return text;
  }
};

// Places whose list was too large for one answer. Tried again after an hour.
std::map<std::string, SteadyClock::time_point>& large_places() {
  static std::map<std::string, SteadyClock::time_point> places;
  return places;
}

bool is_large(const AzureBase& base) {
  const auto found = large_places().find(base.url);
  return found != large_places().end() && SteadyClock::now() - found->second < std::chrono::hours(1);
}

bool is_too_large(const Error& error) { return error.details.contains("too_large"); }

// The repositories at `path`, in the order of their paths.
awaitable<Result<std::vector<Repository>>> repositories_at(http::Client& client, Target target,
                                                           AzureBase base, std::string path) {
  Query none;
  Result<http::Reply> reply = co_await azure_ask_code(client, target, base, std::move(path), std::move(none));
  if (!reply) co_return reply.error();
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  if (azure_values(*body) == nullptr) co_return unexpected(*reply, target, forge);
  std::string().swap(reply->body);  // there may be ten thousand repositories in it
  json::array list = std::move(body->as_object().at("value").as_array());
  std::vector<Repository> items;
  items.reserve(list.size());
  for (json::value& item : list) {
    if (auto repository = repository_of(item)) items.push_back(std::move(*repository));
    item = nullptr;  // what it held makes room for the next
  }
  std::sort(items.begin(), items.end(),
            [](const Repository& a, const Repository& b) { return a.path < b.path; });
  co_return items;
}

// The next hundred projects, into the walk.
awaitable<Result<>> read_projects(http::Client& client, Target target, AzureBase base, Walk& walk) {
  Query query = {{"$top", std::to_string(projects_page)}, {"$skip", std::to_string(walk.skip)}};
  Result<http::Reply> reply =
      co_await azure_ask(client, target, base, "/_apis/projects", std::move(query), false);
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return azure_refusal(*reply, target, base);
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::array* list = azure_values(*body);
  if (list == nullptr) co_return unexpected(*reply, target, forge);
  for (const json::value& project : *list) {
    const auto id = text_of(project, "id");
    if (id && id->find('\n') == std::string::npos) walk.projects.push_back(*id);
  }
  walk.skip += list->size();
  walk.more = list->size() >= projects_page;
  co_return Result<>();
}

awaitable<Result<Page<Repository>>> repositories_by_project(http::Client& client, Target target,
                                                            AzureBase base, Walk walk) {
  if (walk.projects.empty()) {
    Result<> read = co_await read_projects(client, target, base, walk);
    if (!read) co_return read.error();
  }
  Page<Repository> page;
  if (walk.projects.empty()) co_return page;
  std::string path = "/" + percent_encoded(walk.projects.front()) + "/_apis/git/repositories";
  walk.projects.erase(walk.projects.begin());
  page.next = walk.text();
  Walk later = walk;
  while (page.ahead.size() < most_ahead && later.projects.size() > 1) {
    later.projects.erase(later.projects.begin());
    page.ahead.push_back(later.text());
  }
  Result<std::vector<Repository>> items =
      co_await repositories_at(client, std::move(target), std::move(base), std::move(path));
  // A project that was deleted since is no reason to lose the others.
  if (!items && items.error().code != Errc::not_found) co_return items.error();
  if (items) page.items = std::move(*items);
  co_return page;
}

}  // namespace

awaitable<Result<Page<Repository>>> azure_repositories(http::Client& client, Target target, AzureBase base,
                                                       std::string next) {
  const bool by_project = Walk::is_one(next) || (next.empty() && is_large(base));
  if (!by_project) {
    Result<std::vector<Repository>> items =
        co_await repositories_at(client, target, base, "/_apis/git/repositories");
    if (items) co_return Page<Repository>{.items = std::move(*items), .whole = true};
    if (!is_too_large(items.error()) || !next.empty()) co_return items.error();
    large_places()[base.url] = SteadyClock::now();
  }
  Walk walk = Walk::is_one(next) ? Walk::parse(next) : Walk();
  Result<Page<Repository>> page =
      co_await repositories_by_project(client, std::move(target), std::move(base), std::move(walk));
  co_return page;
}

}  // namespace forgelink::forges::azure_devops
