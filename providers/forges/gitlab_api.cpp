#include "providers/forges/gitlab_api.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "providers/forges/reply_reader.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges {
namespace {

constexpr std::string_view forge = "GitLab";

std::string api(const Target& target) { return gitlab_root(target) + "/api/v4"; }

http::Request asking(const Target& target, std::string url) {
  return {.url = std::move(url),
          .headers = {{"Accept", "application/json"}},
          .authorization = {.scheme = http::Authorization::Scheme::private_token,
                            .user = "",
                            .secret = target.token},
          .follow_within_origin = true,  // a project that was moved
          .connection = target.connection};
}

// Section 4.7.
Error refusal(const http::Reply& reply, const Target& target) {
  const std::string said = message_of(reply);
  switch (reply.status) {
    case 401:
      return {.code = Errc::token_rejected,
              .message = "GitLab refused the token: it is wrong, has expired or was revoked.",
              .hint = "Make a new one and edit the connection.",
              .url = gitlab_token_page(target)};
    case 403: {
      boost::system::error_code wrong;
      const json::value body = json::parse(reply.body, wrong);
      if (!wrong && text_of(body, "error") == "insufficient_scope") {
        const std::string needed = text_of(body, "scope").value_or("");
        return {.code = Errc::scope_missing,
                .message = fmt::format("The token's scopes do not allow this{}{}.",
                                       needed.empty() ? "" : "; one of these is needed: ", needed),
                .hint = "Make a token with that scope and edit the connection.",
                .url = gitlab_token_page(target),
                .details = {{"required", json::value_from(words_of(needed))}}};
      }
      return {.code = Errc::forge_error,
              .message = fmt::format("GitLab refuses this: {}.", said.empty() ? "no reason given" : said)};
    }
    case 404: {
      if (!reply.is_json()) {
        return {
            .code = Errc::forge_error,
            .message = fmt::format("There is no GitLab at {}: its API is not there.", gitlab_root(target)),
            .hint = "Is the address complete? A GitLab may live below a path, as https://host/gitlab."};
      }
      return {.code = Errc::not_found, .message = "GitLab does not find it, or this token may not see it."};
    }
    default:
      return unexpected(reply, forge);
  }
}

bool has(const std::vector<std::string>& scopes, std::string_view scope) {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

void judge_scopes(Verification& said, std::vector<std::string> scopes) {
  const bool all = has(scopes, "api");
  if (!all && !has(scopes, "read_api")) said.missing_scopes.emplace_back("read_api");
  if (!all && !has(scopes, "write_repository")) said.missing_scopes.emplace_back("write_repository");
  static const std::vector<std::string> useful = {"read_user", "read_api", "read_repository",
                                                  "write_repository", "self_rotate"};
  std::copy_if(scopes.begin(), scopes.end(), std::back_inserter(said.excess_scopes),
               [](const std::string& scope) { return !has(useful, scope); });
  said.scopes = std::move(scopes);
}

// Who wrote from which address, as far as the instance told: for as long as the daemon runs, at most so many.
class KnownAuthors {
 public:
  const std::optional<std::string>* find(const std::string& key) const {
    const auto found = usernames_.find(key);
    return found == usernames_.end() ? nullptr : &found->second;
  }
  void add(std::string key, std::optional<std::string> username) {
    if (usernames_.size() >= 2000) usernames_.clear();
    usernames_.emplace(std::move(key), std::move(username));
  }

 private:
  std::map<std::string, std::optional<std::string>> usernames_;
};

KnownAuthors& known_authors() {
  static KnownAuthors known;
  return known;
}

// The address GitLab gives people to hide theirs: ID-username@users.noreply.HOST.
std::optional<std::string> username_of_noreply(const std::string& email, const std::string& root) {
  const std::string host = "@users.noreply." + origin_of(root)->host;
  if (!email.ends_with(host)) return std::nullopt;
  const std::string local = email.substr(0, email.size() - host.size());
  const auto dash = local.find('-');
  if (dash == std::string::npos || !is_number(local.substr(0, dash)) || dash + 1 == local.size())
    return std::nullopt;
  return local.substr(dash + 1);
}

// Adds the user names that GitLab's commits lack: the account's own, then what a search for the address
// finds. A search that the forge refuses ends the searching, not the list.
awaitable<> add_usernames(http::Client& client, Target target, std::vector<Commit>& commits) {
  const std::string root = gitlab_root(target);
  std::set<std::string> own;
  std::optional<std::string> own_name;
  http::Request who = asking(target, api(target) + "/user");
  Result<http::Reply> user = co_await client.send(std::move(who));
  if (user && user->status == 200) {
    Result<json::value> body = json_of(*user, forge);
    if (body) {
      own_name = text_of(*body, "username");
      for (const char* field : {"email", "commit_email", "public_email"}) {
        if (const auto address = text_of(*body, field)) own.insert(*address);
      }
    }
  }
  bool may_search = true;
  for (Commit& commit : commits) {
    if (!commit.author_email) continue;
    const std::string& email = *commit.author_email;
    if (own.contains(email)) {
      commit.author_username = own_name;
      continue;
    }
    commit.author_username = username_of_noreply(email, root);
    if (commit.author_username) continue;
    const std::string key = root + "\n" + target.connection + "\n" + email;
    if (const auto* known = known_authors().find(key)) {
      commit.author_username = *known;
      continue;
    }
    if (!may_search) continue;
    http::Request search = asking(target, with_query(api(target) + "/users", {{"search", email}}));
    Result<http::Reply> reply = co_await client.send(std::move(search));
    may_search = reply && reply->status == 200;
    if (!may_search) continue;
    Result<json::value> found = json_of(*reply, forge);
    const json::array* list = found ? list_of(*found) : nullptr;
    // A whole address finds its owner and nobody else; more than one answer proves nothing.
    if (list != nullptr && list->size() == 1) commit.author_username = text_of(list->front(), "username");
    known_authors().add(key, commit.author_username);
  }
}

}  // namespace

std::string gitlab_root(const Target& target) {
  return target.server_url.value_or(target.endpoints->gitlab_root);
}

std::string gitlab_token_page(const Target& target) {
  return with_query(gitlab_root(target) + "/-/user_settings/personal_access_tokens",
                    {{"name", "Forgelink"},
                     {"description", "Forgelink on this computer"},
                     {"scopes", "read_user,read_api,write_repository"}});
}

std::vector<Scope> gitlab_scopes() {
  return {{"read_api", "to list projects and read their commits", true},
          {"write_repository", "to clone and push", true},
          {"read_user", "to read your account's profile; read_api covers it", false}};
}

std::vector<std::string> gitlab_git_roots(const Target& target) { return {gitlab_root(target)}; }

GitLogin gitlab_git_login(const Target& target) {
  return {target.username.value_or(target.login.value_or("oauth2"))};
}

awaitable<Result<Verification>> gitlab_verify(http::Client& client, Target target) {
  // `self` first: it proves the token good even if it may do nothing but push.
  http::Request self = asking(target, api(target) + "/personal_access_tokens/self");
  Result<http::Reply> reply = co_await client.send(std::move(self));
  if (!reply) co_return reply.error();
  Verification said;
  if (reply->status == 200) {
    Result<json::value> token = json_of(*reply, forge);
    if (!token) co_return token.error();
    if (flag_of(*token, "revoked"))
      co_return Error{.code = Errc::token_rejected,
                      .message = "The token was revoked.",
                      .url = gitlab_token_page(target)};
    // A date: the token dies at its first second (UTC).
    said.expires_at = time_of(*token, "expires_at");
    if (!flag_of(*token, "granular") && member_of(*token, "scopes") != nullptr)
      judge_scopes(said, texts_of(member_of(*token, "scopes")));
  } else if (reply->status != 400 && reply->status != 404) {
    // 400: no personal token; 404: GitLab before 15.5. Both may still be good.
    co_return refusal(*reply, target);
  } else if (reply->status == 404 && !reply->is_json()) {
    co_return refusal(*reply, target);
  }

  http::Request who = asking(target, api(target) + "/user");
  Result<http::Reply> user = co_await client.send(std::move(who));
  if (!user) co_return user.error();
  if (user->status == 403 && reply->status == 200) {
    const Error error = refusal(*user, target);
    if (error.code == Errc::scope_missing) co_return said;  // a good token with too few scopes
    co_return error;
  }
  if (user->status != 200) co_return refusal(*user, target);
  Result<json::value> body = json_of(*user, forge);
  if (!body) co_return body.error();
  const auto id = id_of(*body, "id");
  if (!id) co_return Error{.code = Errc::forge_error, .message = "GitLab did not say whose token it is."};
  const auto state = text_of(*body, "state");
  if (state && *state != "active")
    co_return Error{.code = Errc::forge_error, .message = fmt::format("The GitLab account is {}.", *state)};
  said.account = ForgeAccount{.id = *id,
                              .login = text_of(*body, "username"),
                              .display_name = text_of(*body, "name"),
                              .email = text_of(*body, "email")};
  co_return said;
}

awaitable<Result<Page<Repository>>> gitlab_repositories(http::Client& client, Target target, std::string next,
                                                        std::size_t limit) {
  Result<std::string> from = checked_next(std::move(next), gitlab_root(target), forge);
  if (!from) co_return from.error();
  std::string url = !from->empty()
                        ? *from
                        : with_query(api(target) + "/projects",
                                     {{"membership", "true"},
                                      {"simple", "true"},
                                      {"per_page", std::to_string(std::min<std::size_t>(limit, 100))},
                                      {"pagination", "keyset"},
                                      {"order_by", "id"},
                                      {"sort", "asc"}});
  http::Request request = asking(target, std::move(url));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != 200) co_return refusal(*reply, target);
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::array* list = list_of(*body);
  if (list == nullptr) co_return unexpected(*reply, forge);
  Result<std::string> onward = checked_next(next_link(*reply), gitlab_root(target), forge);
  if (!onward) co_return onward.error();
  Page<Repository> page{.next = *onward};
  for (const json::value& item : *list) {
    const auto id = id_of(item, "id");
    const auto path = text_of(item, "path_with_namespace");
    if (!id || !path) continue;
    const auto visibility = text_of(item, "visibility");
    page.items.push_back({.id = *id,
                          .path = *path,
                          .name = text_of(item, "name").value_or(*path),
                          .is_private = visibility && *visibility != "public",
                          .archived = flag_of(item, "archived"),
                          .default_branch = text_of(item, "default_branch"),
                          .clone_url = text_of(item, "http_url_to_repo"),
                          .ssh_url = text_of(item, "ssh_url_to_repo"),
                          .web_url = text_of(item, "web_url"),
                          .updated_at = time_of(item, "last_activity_at")});
  }
  co_return page;
}

awaitable<Result<Page<Commit>>> gitlab_commits(http::Client& client, Target target, CommitQuery query,
                                               std::string next, std::size_t limit) {
  Result<std::string> from = checked_next(std::move(next), gitlab_root(target), forge);
  if (!from) co_return from.error();
  std::string url = *from;
  if (url.empty()) {
    const RepositoryPlaces places{.web_roots = {gitlab_root(target)}, .ssh_hosts = {"altssh.gitlab.com"}};
    Result<std::vector<std::string>> parts = repository_path(query.repository, places);
    if (!parts) co_return parts.error();
    // Pages of a project follow /-/.
    parts->erase(std::find(parts->begin(), parts->end(), "-"), parts->end());
    std::string project;
    if (parts->size() == 1 && is_number(parts->front())) {
      project = parts->front();
    } else {
      if (parts->size() < 2) co_return not_a_repository("group/project");
      Result<std::string> path = first_parts(*parts, parts->size(), "group/project");
      if (!path) co_return path.error();
      project = percent_encoded(*path);
    }
    std::vector<std::pair<std::string, std::string>> asked = {
        {"per_page", std::to_string(std::min<std::size_t>(limit, 100))}};
    if (!query.branch.empty()) asked.emplace_back("ref_name", query.branch);
    url = with_query(api(target) + "/projects/" + project + "/repository/commits", asked);
  }
  http::Request request = asking(target, std::move(url));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status == 404 && reply->is_json()) {
    // An empty repository has no commits to find, but a project has been found.
    const std::string said = message_of(*reply);
    if (said.find("Repository Not Found") != std::string::npos) co_return Page<Commit>();
    co_return Error{
        .code = Errc::not_found,
        .message =
            query.branch.empty()
                ? fmt::format("GitLab does not find the project {}, or this token may not see it.",
                              query.repository)
                : fmt::format("GitLab does not find the branch {} of {}, or this token may not see it.",
                              query.branch, query.repository),
        .field = "repository"};
  }
  if (reply->status != 200) co_return refusal(*reply, target);
  Result<json::value> body = json_of(*reply, forge);
  if (!body) co_return body.error();
  const json::array* list = list_of(*body);
  if (list == nullptr) co_return unexpected(*reply, forge);
  Result<std::string> onward = checked_next(next_link(*reply), gitlab_root(target), forge);
  if (!onward) co_return onward.error();
  Page<Commit> page{.next = *onward};
  for (const json::value& item : *list) {
    const auto id = text_of(item, "id");
    if (!id) continue;
    Commit commit{.id = *id,
                  .title = text_of(item, "title").value_or(""),
                  .message = text_of(item, "message").value_or(""),
                  .author_name = text_of(item, "author_name"),
                  .author_email = text_of(item, "author_email"),
                  .author_date = text_of(item, "authored_date").value_or(""),
                  .web_url = text_of(item, "web_url")};
    if (commit.title.empty()) commit.title = first_line(commit.message);
    page.items.push_back(std::move(commit));
  }
  co_await add_usernames(client, std::move(target), page.items);
  co_return page;
}

}  // namespace forgelink::forges
