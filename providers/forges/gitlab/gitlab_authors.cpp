// SPDX-License-Identifier: MIT
#include "providers/forges/gitlab/gitlab_authors.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "base/expiring_cache.hpp"
#include "base/text.hpp"
#include "base/when_all.hpp"
#include "providers/forges/gitlab/gitlab_api.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges::gitlab {
namespace {

constexpr std::chrono::hours known_for{1};

// What an instance told one connection's account: an address, and whose it is, if anybody's. What one may
// see, another may not. Forgotten after an hour, since people come to show their addresses.
class KnownAuthors {
 public:
  explicit KnownAuthors(const Target& target)
      : prefix_(gitlab_root(target) + "\n" + target.connection + "\n" + target.login.value_or("") + "\n") {}

  // Valid until the next call.
  const std::optional<std::string>* find(const std::string& email) const {
    return all().find(prefix_ + lower_case(email));
  }
  void add(const std::string& email, std::optional<std::string> username) {
    all().put(prefix_ + lower_case(email), std::move(username), known_for);
  }

 private:
  using Usernames = ExpiringCache<std::string, std::optional<std::string>>;

  static Usernames& all() {
    static Usernames known({.most = 2000});
    return known;
  }

  std::string prefix_;
};

// ID-username@users.noreply.HOST.
std::optional<std::string> username_of_noreply(const std::string& email, const std::string& host) {
  const std::string end = "@users.noreply." + host;
  if (!lower_case(email).ends_with(end)) return std::nullopt;
  const std::string local = email.substr(0, email.size() - end.size());
  const auto dash = local.find('-');
  if (dash == std::string::npos || !is_number(local.substr(0, dash)) || dash + 1 == local.size())
    return std::nullopt;
  return local.substr(dash + 1);
}

std::optional<std::string> username_of_noreply(const std::string& email, const Target& target) {
  if (!target.server_url) return username_of_noreply(email, "gitlab.com");
  const auto origin = origin_of(*target.server_url);
  return origin ? username_of_noreply(email, origin->host) : std::nullopt;
}

// A search looks into names as well: somebody who calls himself by another's address is not the other.
bool calls_himself(const json::value& user, const std::string& email) {
  const std::string names =
      lower_case(text_of(user, "name").value_or("") + "\n" + text_of(user, "username").value_or(""));
  return names.find(lower_case(email)) != std::string::npos;
}

std::optional<std::string> owner_among(const json::value& found, const std::string& email) {
  const json::array* list = list_of(found);
  if (list == nullptr) return std::nullopt;
  const json::value* owner = nullptr;
  for (const json::value& user : *list) {
    const auto shown = text_of(user, "public_email");
    if (calls_himself(user, email) || (shown && lower_case(*shown) != lower_case(email))) continue;
    if (owner != nullptr) return std::nullopt;
    owner = &user;
  }
  return owner != nullptr ? text_of(*owner, "username") : std::nullopt;
}

// The account's own addresses; asked once for each connection.
awaitable<> learn_own(http::Client& client, Target target) {
  KnownAuthors known(target);
  if (known.find("") != nullptr) co_return;
  http::Request request = gitlab_request(target, gitlab_api(target) + "/user");
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply || reply->status != 200) co_return;
  Result<json::value> user = json_of(*reply, forge);
  if (!user) co_return;
  known.add("", std::nullopt);  // asked
  for (const char* field : {"email", "commit_email", "public_email"}) {
    if (const auto email = text_of(*user, field)) known.add(*email, text_of(*user, "username"));
  }
}

// Whether searching goes on: not after a refusal.
struct Search {
  bool allowed = true;
};

awaitable<> learn(http::Client& client, Target target, std::string email, Search& search) {
  if (!search.allowed) co_return;
  http::Request request =
      gitlab_request(target, with_query(gitlab_api(target) + "/users", {{"search", email}}));
  Result<http::Reply> reply = co_await client.send(std::move(request));
  if (!reply || reply->status != 200) {
    search.allowed = false;
    co_return;
  }
  Result<json::value> found = json_of(*reply, forge);
  KnownAuthors(target).add(email, found ? owner_among(*found, email) : std::nullopt);
}

}  // namespace

awaitable<> add_gitlab_usernames(http::Client& client, Target target, std::vector<Commit>& commits) {
  if (commits.empty()) co_return;
  co_await learn_own(client, target);
  KnownAuthors known(target);
  Search search;
  std::set<std::string> asked;
  std::vector<std::function<awaitable<>()>> questions;
  for (Commit& commit : commits) {
    if (!commit.author_email || commit.author_email->find('@') == std::string::npos) continue;
    const std::string email = *commit.author_email;
    commit.author_username = username_of_noreply(email, target);
    if (commit.author_username || known.find(email) != nullptr || !asked.insert(lower_case(email)).second)
      continue;
    questions.emplace_back(
        [&client, &target, &search, email] { return learn(client, target, email, search); });
  }
  co_await when_all(std::move(questions));
  for (Commit& commit : commits) {
    if (commit.author_username || !commit.author_email) continue;
    if (const auto* author = known.find(*commit.author_email)) commit.author_username = *author;
  }
}

}  // namespace forgelink::forges::gitlab
