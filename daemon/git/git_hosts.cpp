// SPDX-License-Identifier: MIT
#include "daemon/git/git_hosts.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "daemon/connections/connection_rules.hpp"
#include "base/text.hpp"
#include "base/url.hpp"

namespace forgelink {
namespace {

// What of a root's address follows the origin, without slashes at its ends: "sub/path".
std::string path_of(std::string_view root, const Origin& origin) {
  std::string_view path = root;
  const std::string start = origin.scheme + "://";
  path.remove_prefix(std::min(path.size(), start.size()));
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return "";
  path.remove_prefix(slash + 1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

// At or below it, at the boundary of a path part.
bool lies_below(std::string_view path, std::string_view root, bool ignore_case) {
  while (path.starts_with('/')) path.remove_prefix(1);
  if (root.empty()) return true;
  if (path.size() < root.size()) return false;
  const std::string_view start = path.substr(0, root.size());
  const bool same = ignore_case ? equal_ignoring_case(start, root) : start == root;
  return same && (path.size() == root.size() || path[root.size()] == '/');
}

// "a/../b", which a server takes for another place than it looks.
bool has_dot_parts(std::string_view path) {
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part == "." || part == "..") return true;
    path.remove_prefix(std::min(path.size(), part.size() + 1));
  }
  return false;
}

// The user name of the connection, or that of the account behind its token.
bool has_username(const Connection& connection, const Provider& provider, std::string_view username) {
  const auto is = [&](const std::optional<std::string>& known) {
    if (!known) return false;
    return provider.username_case == Case::ignored ? equal_ignoring_case(*known, username) : *known == username;
  };
  if (is(connection.username)) return true;
  return connection.account && is(connection.account->login);
}

bool has_organization(const Connection& connection, const Provider& provider, std::string_view username) {
  return provider.organization_as_username && connection.organization &&
         equal_ignoring_case(*connection.organization, username);
}

// A connection that may fit, how much of the path its root takes up, and the rules of its forge.
struct Candidate {
  const Connection* connection;
  const Provider* provider;
  std::size_t root_length = 0;
};

void keep_if(std::vector<Candidate>& candidates, const std::function<bool(const Candidate&)>& fits) {
  std::erase_if(candidates, [&](const Candidate& candidate) { return !fits(candidate); });
}

// Leaves those that the user name may mean: the organization where a forge writes that, the person, and all whose
// forge takes the name for a placeholder, unless somebody is called so.
void narrow_by_username(std::vector<Candidate>& fitting, const GitAddress& address) {
  const std::string& username = *address.username;
  const bool whole_host = !address.path || address.path->empty();
  const auto is_organization = [&](const Candidate& candidate) {
    return has_organization(*candidate.connection, *candidate.provider, username);
  };
  const auto is_person = [&](const Candidate& candidate) {
    return has_username(*candidate.connection, *candidate.provider, username);
  };
  const bool any_organization = std::any_of(fitting.begin(), fitting.end(), is_organization);
  const bool any_person = std::any_of(fitting.begin(), fitting.end(), is_person);
  keep_if(fitting, [&](const Candidate& candidate) {
    if (any_organization) return is_organization(candidate);
    if (is_person(candidate)) return true;
    if (!any_person && is_placeholder(*candidate.provider, username)) return true;
    if (!candidate.provider->organization_as_username) return false;
    // The path named the organization already, or the connection is for all of them.
    if (whole_host) return !candidate.connection->organization;
    return lies_below(*address.path, username, true);
  });
}

}  // namespace

const GitHosts::Index& GitHosts::by_origin() const {
  if (!by_origin_) {
    Index& index = by_origin_.emplace();
    // All that the roots follow from; very many connections have few of them.
    using Place = std::tuple<std::string, std::optional<std::string>, std::optional<std::string>>;
    std::map<Place, std::vector<std::string>> known;
    registry_.for_each([&](const Connection& connection) {
      const auto [place, fresh] =
          known.try_emplace({connection.type, connection.server_url, connection.organization});
      if (fresh) place->second = origins_of(connection);
      for (const std::string& origin : place->second) index[origin].push_back(connection.id);
    });
  }
  return *by_origin_;
}

std::vector<std::string> GitHosts::origins_of(const Connection& connection) const {
  const Provider* provider = find_provider(connection.type);
  if (provider == nullptr) return {};
  std::vector<std::string> origins;
  for (const std::string& root : provider->git_roots(target_of(connection, settings_.endpoints, nullptr))) {
    if (const auto origin = origin_of(root)) origins.push_back(origin->text());
  }
  return origins;
}

void GitHosts::on_event(const Event& event) {
  if (event.connection == nullptr || !by_origin_) return;
  const bool added = event.kind == EventKind::connection_added, updated = event.kind == EventKind::connection_updated;
  if (updated || event.kind == EventKind::connection_removed) {
    for (auto& [origin, ids] : *by_origin_) std::erase(ids, event.connection->id);
    std::erase_if(*by_origin_, [](const auto& entry) { return entry.second.empty(); });
  }
  if (!updated && !added) return;
  for (const std::string& origin : origins_of(*event.connection))
    (*by_origin_)[origin].push_back(event.connection->id);
}

bool GitHosts::covers(const GitAddress& address) const {
  return by_origin().contains(address.protocol + "://" + address.host);
}

std::vector<const Connection*> GitHosts::matching(const GitAddress& address) const {
  const std::string asked = address.protocol + "://" + address.host;
  const auto found = by_origin().find(asked);
  if (found == by_origin().end()) return {};
  const bool whole_host = !address.path || address.path->empty();
  if (!whole_host && has_dot_parts(*address.path)) return {};

  std::vector<Candidate> fitting;
  for (const ConnectionId& id : found->second) {
    const Connection* connection = registry_.find(id);
    if (connection == nullptr) continue;
    const Provider* provider = find_provider(connection->type);
    if (provider == nullptr) continue;
    for (const std::string& root :
         provider->git_roots(target_of(*connection, settings_.endpoints, nullptr))) {
      const auto origin = origin_of(root);
      if (!origin || origin->text() != asked) continue;
      const std::string path = path_of(root, *origin);
      if (!whole_host && !lies_below(*address.path, path, provider->root_case == Case::ignored)) continue;
      fitting.push_back({.connection = connection, .provider = provider, .root_length = path.size()});
      break;
    }
  }

  // An empty one, as of https://@host/, names nobody.
  if (address.username && !address.username->empty()) narrow_by_username(fitting, address);

  // The nearest root: of /git and /git/lab the longer one that the path lies in.
  if (!whole_host) {
    std::size_t longest = 0;
    for (const Candidate& candidate : fitting) longest = std::max(longest, candidate.root_length);
    keep_if(fitting, [&](const Candidate& candidate) { return candidate.root_length == longest; });
  }

  std::vector<const Connection*> matching;
  for (const Candidate& candidate : fitting) matching.push_back(candidate.connection);
  std::sort(matching.begin(), matching.end(),
            [](const Connection* a, const Connection* b) { return a->id < b->id; });
  return matching;
}

std::vector<std::string> GitHosts::origins() const {
  std::set<std::string> all;
  for (const auto& [origin, ids] : by_origin()) all.insert(origin);
  for (const Provider& provider : providers()) {
    if (provider.self_hosted) continue;
    const Target plain{.endpoints = &settings_.endpoints};
    for (const std::string& root : provider.git_roots(plain)) {
      if (const auto origin = origin_of(root)) all.insert(origin->text());
    }
  }
  return {all.begin(), all.end()};
}

}  // namespace forgelink
