#include "providers/forges/gitlab_authors.hpp"

#include <algorithm>
#include <map>

#include "providers/forges/gitlab_api.hpp"
#include "providers/repository_name.hpp"

namespace forgelink::forges {
namespace {

constexpr std::string_view forge = "GitLab";
constexpr std::size_t most_known = 2000;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// What an instance told one connection: an address, and whose it is, if anybody's. What one may see, another
// may not.
class KnownAuthors {
 public:
  explicit KnownAuthors(const Target& target)
      : prefix_(gitlab_root(target) + "\n" + target.connection + "\n") {}

  const std::optional<std::string>* find(const std::string& email) const {
    const auto found = all().find(prefix_ + lower(email));
    return found == all().end() ? nullptr : &found->second;
  }
  void add(const std::string& email, std::optional<std::string> username) {
    if (all().size() >= most_known) all().clear();
    all()[prefix_ + lower(email)] = std::move(username);
  }

 private:
  static std::map<std::string, std::optional<std::string>>& all() {
    static std::map<std::string, std::optional<std::string>> known;
    return known;
  }

  std::string prefix_;
};

// ID-username@users.noreply.HOST.
std::optional<std::string> username_of_noreply(const std::string& email, const std::string& host) {
  const std::string end = "@users.noreply." + host;
  if (!email.ends_with(end)) return std::nullopt;
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
std::optional<std::string> owner_among(const json::value& found, const std::string& email) {
  const json::array* list = list_of(found);
  if (list == nullptr || list->size() != 1) return std::nullopt;
  const json::value& user = list->front();
  const auto names =
      lower(text_of(user, "name").value_or("") + "\n" + text_of(user, "username").value_or(""));
  if (names.find(lower(email)) != std::string::npos) return std::nullopt;
  const auto shown = text_of(user, "public_email");
  if (shown && lower(*shown) != lower(email)) return std::nullopt;
  return text_of(user, "username");
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

}  // namespace

awaitable<> add_gitlab_usernames(http::Client& client, Target target, std::vector<Commit>& commits) {
  if (commits.empty()) co_return;
  co_await learn_own(client, target);
  KnownAuthors known(target);
  bool may_search = true;
  for (Commit& commit : commits) {
    if (!commit.author_email || commit.author_email->find('@') == std::string::npos) continue;
    const std::string& email = *commit.author_email;
    commit.author_username = username_of_noreply(email, target);
    if (commit.author_username) continue;
    if (const auto* author = known.find(email)) {
      commit.author_username = *author;
      continue;
    }
    if (!may_search) continue;
    http::Request search =
        gitlab_request(target, with_query(gitlab_api(target) + "/users", {{"search", email}}));
    Result<http::Reply> reply = co_await client.send(std::move(search));
    may_search = reply && reply->status == 200;
    if (!may_search) continue;
    Result<json::value> found = json_of(*reply, forge);
    if (found) commit.author_username = owner_among(*found, email);
    known.add(email, commit.author_username);
  }
}

}  // namespace forgelink::forges
