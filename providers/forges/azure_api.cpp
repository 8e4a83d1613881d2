#include "providers/forges/azure_api.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

namespace forgelink::forges {
namespace {

constexpr std::string_view forge = "Azure DevOps";
constexpr const char* versions[] = {"7.1", "7.0", "6.0", "5.0"};

// Which version each server took last: as long as the daemon runs.
std::map<std::string, std::size_t>& versions_taken() {
  static std::map<std::string, std::size_t> taken;
  return taken;
}

bool wants_another_version(const http::Reply& reply) {
  if (reply.status != 400) return false;
  boost::system::error_code wrong;
  const json::value body = json::parse(reply.body, wrong);
  if (wrong) return false;
  const std::string key = text_of(body, "typeKey").value_or("") + text_of(body, "typeName").value_or("");
  return key.find("Version") != std::string::npos;
}

// Asks with the newest version that the place knows.
awaitable<Result<http::Reply>> ask(http::Client& client, Target target, AzureBase base, std::string path,
                                   std::vector<std::pair<std::string, std::string>> query, bool preview) {
  std::size_t at = 0;
  if (const auto known = versions_taken().find(base.url); known != versions_taken().end()) at = known->second;
  while (true) {
    auto asked = query;
    asked.emplace_back("api-version", std::string(versions[at]) + (preview ? "-preview" : ""));
    http::Request request = azure_request(target, with_query(base.url + path, asked));
    Result<http::Reply> reply = co_await client.send(std::move(request));
    if (!reply) co_return reply;
    if (base.steps_down && wants_another_version(*reply) && at + 1 < std::size(versions)) {
      ++at;
      continue;
    }
    if (reply->status == 200 && at > 0) versions_taken()[base.url] = at;
    co_return reply;
  }
}

bool is_nobody(const json::value& user) {
  const std::string id = text_of(user, "id").value_or("");
  return id.empty() || id == "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" ||
         id == "00000000-0000-0000-0000-000000000000" ||
         text_of(user, "descriptor").value_or("").starts_with("System:");
}

std::optional<std::string> property(const json::value& user, std::string_view name) {
  const json::value* properties = member_of(user, "properties");
  const json::value* found = properties != nullptr ? member_of(*properties, name) : nullptr;
  return found != nullptr ? text_of(*found, "$value") : std::nullopt;
}

ForgeAccount account_of(const json::value& user) {
  ForgeAccount account{.id = text_of(user, "id").value_or("")};
  account.display_name = text_of(user, "customDisplayName");
  if (!account.display_name) account.display_name = text_of(user, "providerDisplayName");
  account.login = property(user, "Account");
  if (!account.login) {
    const std::string descriptor = text_of(user, "descriptor").value_or("");
    const auto slash = descriptor.find('\\');
    if (slash != std::string::npos && slash + 1 < descriptor.size())
      account.login = descriptor.substr(slash + 1);
  }
  account.email = property(user, "Mail");
  if (!account.email && account.login && account.login->find('@') != std::string::npos)
    account.email = account.login;
  return account;
}

std::string without_user(std::string url) {
  const auto scheme = url.find("://");
  const auto at = url.find('@');
  if (scheme != std::string::npos && at != std::string::npos && at < url.find('/', scheme + 3))
    url.erase(scheme + 3, at - scheme - 2);
  return url;
}

std::optional<Repository> repository_of(const json::value& item) {
  const auto id = text_of(item, "id");
  const auto name = text_of(item, "name");
  if (!id || !name || flag_of(item, "isDisabled")) return std::nullopt;
  Repository out{.id = *id,
                 .path = *name,
                 .name = *name,
                 .is_private = true,
                 .ssh_url = text_of(item, "sshUrl"),
                 .web_url = text_of(item, "webUrl")};
  if (const json::value* project = member_of(item, "project")) {
    out.path = text_of(*project, "name").value_or("") + "/" + *name;
    out.is_private = text_of(*project, "visibility") != "public";
    out.updated_at = time_of(*project, "lastUpdateTime");
  }
  auto branch = text_of(item, "defaultBranch");
  if (branch && branch->starts_with("refs/heads/")) branch->erase(0, 11);
  out.default_branch = branch;
  if (const auto remote = text_of(item, "remoteUrl")) out.clone_url = without_user(*remote);
  return out;
}

std::size_t number_of(const std::string& text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::vector<Scope> azure_scopes() {
  return {{"vso.code", "Code (Read): to list repositories, read commits and clone", true},
          {"vso.code_write", "Code (Read & write): to push", false}};
}

http::Request azure_request(const Target& target, std::string url) {
  return {.url = std::move(url),
          // Suppress: no redirect to a page where a person would sign in.
          .headers = {{"Accept", "application/json"}, {"X-TFS-FedAuthRedirect", "Suppress"}},
          .authorization = {.scheme = http::Authorization::Scheme::basic, .user = "", .secret = target.token},
          .connection = target.connection};
}

// Section 6.6.
Error azure_refusal(const http::Reply& reply, const std::string& token_page) {
  const std::string said = message_of(reply);
  if (reply.status == 401 || reply.status == 203 || reply.status == 302) {
    return {.code = Errc::token_rejected,
            .message =
                "Azure DevOps refused the token: it is wrong, has expired, was revoked, or is for another "
                "organization.",
            .hint = "Make a new one for this organization and edit the connection.",
            .url = token_page};
  }
  if (reply.status == 403) {
    return {.code = Errc::scope_missing,
            .message =
                fmt::format("The token or its account may not do this{}{}.", said.empty() ? "" : ": ", said),
            .hint = "The token needs the scope Code (Read & write), the account access to the project.",
            .url = token_page};
  }
  if (reply.status == 404)
    return {.code = Errc::not_found,
            .message = fmt::format("Azure DevOps does not find it, or this token may not see it{}{}.",
                                   said.empty() ? "" : ": ", said)};
  return unexpected(reply, forge);
}

awaitable<Result<Verification>> azure_verify(http::Client& client, Target target, AzureBase base) {
  std::vector<std::pair<std::string, std::string>> none;
  Result<http::Reply> reply = co_await ask(client, target, base, "/_apis/connectionData", none, true);
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return azure_refusal(*reply, base.token_page);
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::value* user = member_of(*body, "authenticatedUser");
  if (user == nullptr || is_nobody(*user)) {
    // An organization with public projects answers everybody, as Anonymous (section 6.3).
    co_return Error{
        .code = Errc::token_rejected,
        .message = "Azure DevOps does not know the token: it answered as to an anonymous visitor.",
        .hint = "Make a new one for this organization and edit the connection.",
        .url = base.token_page};
  }
  Verification said;
  said.account = account_of(*user);

  Result<http::Reply> code = co_await ask(client, target, base, "/_apis/git/repositories", none, false);
  if (!code) co_return code.error();
  if (code->status == 401 || code->status == 403 || code->status == 203)
    said.missing_scopes.emplace_back("vso.code");
  co_return said;
}

namespace {

// A 401 to a list may mean that the token lacks the scope Code, and is good otherwise: who it is tells
// (section 6.3).
awaitable<Error> refusal_of_list(http::Client& client, Target target, AzureBase base, http::Reply reply) {
  const Error refusal = azure_refusal(reply, base.token_page);
  if (reply.status != 401) co_return refusal;
  std::vector<std::pair<std::string, std::string>> none;
  Result<http::Reply> who =
      co_await ask(client, std::move(target), base, "/_apis/connectionData", none, true);
  if (!who || who->status != 200) co_return refusal;
  Result<json::value> body = json_of(*who, forge);
  const json::value* user = body ? member_of(*body, "authenticatedUser") : nullptr;
  if (user == nullptr || is_nobody(*user)) co_return refusal;
  co_return Error{.code = Errc::scope_missing,
                  .message = "The token is good, but may not read code: it lacks the scope Code (Read).",
                  .hint = "Make a token with Code (Read & write) and edit the connection.",
                  .url = base.token_page,
                  .details = {{"required", json::array{"vso.code"}}}};
}

}  // namespace

awaitable<Result<Page<Repository>>> azure_repositories(http::Client& client, Target target, AzureBase base,
                                                       std::string next, std::size_t limit) {
  std::vector<std::pair<std::string, std::string>> none;
  Result<http::Reply> reply = co_await ask(client, target, base, "/_apis/git/repositories", none, false);
  if (!reply) co_return reply.error();
  if (reply->status != 200) {
    Error refused = co_await refusal_of_list(client, std::move(target), base, std::move(*reply));
    co_return refused;
  }
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::value* value = member_of(*body, "value");
  const json::array* list = value != nullptr ? list_of(*value) : nullptr;
  if (list == nullptr) co_return unexpected(*reply, forge);
  // The whole organization comes at once; it is given out in pages.
  const std::size_t begin = std::min(number_of(next), list->size());
  const std::size_t end = std::min(begin + limit, list->size());
  Page<Repository> page;
  for (std::size_t i = begin; i < end; ++i) {
    if (auto repository = repository_of((*list)[i])) page.items.push_back(std::move(*repository));
  }
  if (end < list->size()) page.next = std::to_string(end);
  co_return page;
}

awaitable<Result<Page<Commit>>> azure_commits(http::Client& client, Target target, AzureBase base,
                                              std::vector<std::string> path, std::string branch,
                                              std::string next, std::size_t limit) {
  const auto mark = std::find(path.begin(), path.end(), "_git");
  std::string repository, web;
  if (path.size() == 1 && is_uuid(path.front())) {
    repository = "/_apis/git/repositories/" + path.front();
  } else {
    // project/_git/name, project/name, _git/name and name (of the project of the same name); _full and
    // _optimized stand for the same repository (providers 9).
    std::vector<std::string> before(path.begin(), mark), after;
    if (mark != path.end()) {
      after.assign(mark + 1, path.end());
      if (!after.empty() && (after.front() == "_full" || after.front() == "_optimized"))
        after.erase(after.begin());
    } else if (before.size() == 2) {
      after = {before.back()};
      before.pop_back();
    } else {
      after = before;
    }
    if (before.empty() && !after.empty()) before = {after.front()};
    if (before.size() != 1 || after.empty()) co_return not_a_repository("project/repository");
    const std::string project = percent_encoded(before.front()), name = percent_encoded(after.front());
    repository = "/" + project + "/_apis/git/repositories/" + name;
    web = base.url + "/" + project + "/_git/" + name + "/commit/";
  }
  const std::size_t top = std::min<std::size_t>(limit, 100), skip = number_of(next);
  std::vector<std::pair<std::string, std::string>> query = {{"searchCriteria.$top", std::to_string(top)},
                                                            {"searchCriteria.$skip", std::to_string(skip)}};
  if (!branch.empty()) query.emplace_back("searchCriteria.itemVersion.version", branch);
  Result<http::Reply> reply = co_await ask(client, target, base, repository + "/commits", query, false);
  if (!reply) co_return reply.error();
  if (reply->status == 404) {
    Error error = azure_refusal(*reply, base.token_page);
    error.field = "repository";
    co_return error;
  }
  if (reply->status != 200) {
    Error refused = co_await refusal_of_list(client, std::move(target), base, std::move(*reply));
    co_return refused;
  }
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::value* value = member_of(*body, "value");
  const json::array* list = value != nullptr ? list_of(*value) : nullptr;
  if (list == nullptr) co_return unexpected(*reply, forge);

  Page<Commit> page;
  for (const json::value& item : *list) {
    const auto id = text_of(item, "commitId");
    if (!id) continue;
    Commit commit{.id = *id, .message = text_of(item, "comment").value_or("")};
    if (flag_of(item, "commentTruncated")) {
      // The list cuts messages; the commit itself has it whole.
      std::vector<std::pair<std::string, std::string>> none;
      Result<http::Reply> whole =
          co_await ask(client, target, base, repository + "/commits/" + percent_encoded(*id), none, false);
      if (whole && whole->status == 200) {
        Result<json::value> one = json_of(*whole, forge);
        if (one) commit.message = text_of(*one, "comment").value_or(commit.message);
      }
    }
    commit.title = first_line(commit.message);
    if (const json::value* author = member_of(item, "author")) {
      commit.author_name = text_of(*author, "name");
      commit.author_email = text_of(*author, "email");
      commit.author_date = text_of(*author, "date").value_or("");
    }
    commit.web_url = text_of(item, "remoteUrl");
    if (!commit.web_url && !web.empty()) commit.web_url = web + *id;
    page.items.push_back(std::move(commit));
  }
  if (list->size() >= top) page.next = std::to_string(skip + list->size());
  co_return page;
}

}  // namespace forgelink::forges
