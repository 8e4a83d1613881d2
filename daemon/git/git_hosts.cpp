// SPDX-License-Identifier: MIT
#include "daemon/git/git_hosts.hpp"

#include <algorithm>
#include <tuple>

#include "base/text.hpp"
#include "base/url.hpp"
#include "daemon/model/connection_rules.hpp"

namespace forgelink {
namespace {

std::string username_key(const std::string& name, const Provider& provider) {
  return provider.username_case == Case::ignored ? lower_case(name) : name;
}

// The names that git may call the connection's account by, as keys.
std::vector<std::string> username_keys(const Connection& connection, const Provider& provider) {
  std::vector<std::string> keys;
  if (connection.username) keys.push_back(username_key(*connection.username, provider));
  if (connection.account && connection.account->login) {
    std::string login = username_key(*connection.account->login, provider);
    if (keys.empty() || keys.front() != login) keys.push_back(std::move(login));
  }
  return keys;
}

// What of a root's address follows the origin.
GitPath path_below_origin(std::string_view root) {
  const auto slash = root.find('/', root.find("://") + 3);
  if (slash == std::string_view::npos) return {};
  return GitPath::encoded(root.substr(slash)).value_or(GitPath());
}

void insert_sorted(std::vector<ConnectionId>& ids, ConnectionId id) {
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (at == ids.end() || *at != id) ids.insert(at, id);
}

void erase_sorted(std::vector<ConnectionId>& ids, ConnectionId id) {
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (at != ids.end() && *at == id) ids.erase(at);
}

}  // namespace

std::size_t GitCandidates::count() const {
  std::size_t count = 0;
  for (const Part& part : parts_) count += part.ids().size();
  return count;
}

bool GitCandidates::contains(ConnectionId id) const {
  return std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) {
    return std::binary_search(part.ids().begin(), part.ids().end(), id);
  });
}

std::vector<ConnectionId> GitCandidates::all() const {
  std::vector<ConnectionId> ids;
  for (const Part& part : parts_) ids.insert(ids.end(), part.ids().begin(), part.ids().end());
  std::sort(ids.begin(), ids.end());
  return ids;
}

GitHosts::Index& GitHosts::index() const {
  if (!index_) {
    Index& index = index_.emplace();
    registry_.for_each([&](const Connection& connection) { add(index, connection); });
  }
  return *index_;
}

GitPlace GitHosts::place_for(const Connection& connection) const {
  GitPlace place{.provider = find_provider(connection.type), .organization = connection.organization};
  if (place.provider == nullptr) return place;
  for (const std::string& root :
       place.provider->git_roots(target_of(connection, settings_.endpoints, nullptr))) {
    if (const auto origin = origin_of(root))
      place.roots.push_back({.origin = origin->text(), .path = path_below_origin(root)});
  }
  return place;
}

void GitHosts::add(Index& index, const Connection& connection) const {
  const PlaceKey key(connection.type, connection.server_url, connection.organization);
  auto found = index.places.find(key);
  if (found == index.places.end()) {
    found = index.places.emplace(key, place_for(connection)).first;
    for (const GitPlace::Root& root : found->second.roots) {
      auto& there = index.by_origin[root.origin];
      // Two roots on one origin are still one place.
      if (std::find(there.begin(), there.end(), &found->second) == there.end())
        there.push_back(&found->second);
    }
  }
  GitPlace& place = found->second;
  insert_sorted(place.members, connection.id);
  Member& member = index.members[connection.id];
  member.place = &place;
  if (place.provider != nullptr) member.usernames = username_keys(connection, *place.provider);
  for (const std::string& name : member.usernames) insert_sorted(place.by_username[name], connection.id);
}

void GitHosts::forget(Index& index, ConnectionId id) {
  const auto found = index.members.find(id);
  if (found == index.members.end()) return;
  GitPlace& place = *found->second.place;
  erase_sorted(place.members, id);
  for (const std::string& key : found->second.usernames) {
    const auto named = place.by_username.find(key);
    erase_sorted(named->second, id);
    if (named->second.empty()) place.by_username.erase(named);
  }
  index.members.erase(found);
}

void GitHosts::on_event(const Event& event) {
  if (event.connection == nullptr || !index_) return;
  // A verification may tell the name of the account.
  const bool changed = event.kind == EventKind::connection_updated || event.kind == EventKind::token_verified;
  if (changed || event.kind == EventKind::connection_removed) forget(*index_, event.connection->id);
  if (changed || event.kind == EventKind::connection_added) add(*index_, *event.connection);
}

bool GitHosts::is_set_up(const GitAddress& address) const {
  const std::vector<std::string> all = origins();
  return std::binary_search(all.begin(), all.end(), address.origin());
}

std::vector<ConnectionId> GitHosts::on_host(const GitAddress& address) const {
  GitCandidates all;
  const auto places = index().by_origin.find(address.origin());
  if (places == index().by_origin.end()) return {};
  for (const GitPlace* place : places->second) all.parts_.push_back({.place = place, .root_parts = 0});
  return all.all();
}

bool GitHosts::serves(const Connection& connection, const std::string& origin) const {
  const auto found = index().members.find(connection.id);
  return found != index().members.end() &&
         std::any_of(found->second.place->roots.begin(), found->second.place->roots.end(),
                     [&](const GitPlace::Root& root) { return root.origin == origin; });
}

GitCandidates GitHosts::matching(const GitAddress& address) const {
  GitCandidates fitting;
  const auto places = index().by_origin.find(address.origin());
  if (places == index().by_origin.end()) return fitting;
  const GitPath path = GitPath::decoded(address.path.value_or(""));
  if (path.has_dots()) return fitting;

  std::size_t longest = 0;
  for (const GitPlace* place : places->second) {
    for (const GitPlace::Root& root : place->roots) {
      const bool ignore_case = place->provider->root_case == Case::ignored;
      if (root.origin != address.origin() || (!path.empty() && !path.lies_below(root.path, ignore_case)))
        continue;
      fitting.parts_.push_back({.place = place, .root_parts = root.path.size()});
      break;
    }
  }
  // An empty one, as of https://@host/, names nobody.
  if (address.username && !address.username->empty()) narrow_by_username(fitting, *address.username, path);
  std::erase_if(fitting.parts_, [](const GitCandidates::Part& part) { return part.ids().empty(); });
  if (path.empty()) return fitting;
  // The nearest root: of /git and /git/lab the longer one that the path lies in.
  for (const GitCandidates::Part& part : fitting.parts_) longest = std::max(longest, part.root_parts);
  std::erase_if(fitting.parts_, [&](const GitCandidates::Part& part) { return part.root_parts < longest; });
  return fitting;
}

void GitHosts::narrow_by_username(GitCandidates& fitting, const std::string& username,
                                  const GitPath& path) const {
  // Azure writes the organization where others write the person: https://ORG@dev.azure.com/ORG/...
  const auto is_organization = [&](const GitCandidates::Part& part) {
    return part.place->provider->organization_as_username && part.place->organization &&
           !part.place->members.empty() && equal_ignoring_case(*part.place->organization, username);
  };
  if (std::any_of(fitting.parts_.begin(), fitting.parts_.end(), is_organization)) {
    std::erase_if(fitting.parts_, [&](const auto& part) { return !is_organization(part); });
    return;
  }
  bool anybody = false;
  for (GitCandidates::Part& part : fitting.parts_) {
    const auto found = part.place->by_username.find(username_key(username, *part.place->provider));
    part.named = found == part.place->by_username.end() ? std::vector<ConnectionId>() : found->second;
    anybody = anybody || !part.named->empty();
  }
  for (GitCandidates::Part& part : fitting.parts_) {
    const Provider& provider = *part.place->provider;
    const bool names_nobody = !anybody && is_placeholder(provider, username);
    // The path named the organization already, or the connection is for all of them.
    const bool names_place =
        provider.organization_as_username &&
        (path.empty() ? !part.place->organization : equal_ignoring_case(path.parts().front(), username));
    if (names_nobody || names_place) part.named.reset();
  }
}

std::set<std::string> GitHosts::origins_in_use() const {
  std::set<std::string> all;
  if (index_) {
    for (const auto& [origin, places] : index_->by_origin) {
      if (std::any_of(places.begin(), places.end(),
                      [](const GitPlace* place) { return !place->members.empty(); }))
        all.insert(origin);
    }
    return all;
  }
  // `daemon.status` is what many a client asks first: an answer to it needs the places, not who is in them.
  using View = std::string_view;
  std::set<std::tuple<View, std::optional<View>, std::optional<View>>> seen;
  registry_.for_each([&](const Connection& connection) {
    if (!seen.emplace(connection.type, connection.server_url, connection.organization).second) return;
    for (const GitPlace::Root& root : place_for(connection).roots) all.insert(root.origin);
  });
  return all;
}

std::vector<std::string> GitHosts::origins() const {
  std::set<std::string> all = origins_in_use();
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
