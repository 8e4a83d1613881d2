// SPDX-License-Identifier: MIT
// An index from a git address to the connections that may serve it: by protocol and host, narrowed down by
// organization, user name and path. Never guesses: it returns all that fit.
//
// Connections of one type, server and organization are one `Place`, so that a thousand of them on a host cost
// as much as one. Follows the registry by the events of connections; on the loop.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/git_path.hpp"
#include "base/ids.hpp"
#include "daemon/events/events.hpp"
#include "daemon/settings/settings.hpp"
#include "providers/provider.hpp"
#include "storage/registry.hpp"

namespace forgelink {

// What git says of the repository it wants to reach. Protocol and host are compared as they are, byte for
// byte.
struct GitAddress {
  std::string protocol, host;
  std::optional<std::string> path, username;
  std::string directory = {};  // the top of the work tree; "" if not told

  std::string origin() const { return protocol + "://" + host; }
};

// Connections that have the same web roots.
struct GitPlace {
  struct Root {
    std::string origin;
    GitPath path;
  };
  const Provider* provider = nullptr;
  std::optional<std::string> organization;
  std::vector<Root> roots;
  std::vector<ConnectionId> members;  // in order
  // Those of each user name, as the provider compares user names; in order.
  std::unordered_map<std::string, std::vector<ConnectionId>> by_username;
};

// The connections that fit an address. Valid until the next change of a connection.
class GitCandidates {
 public:
  bool empty() const { return count() == 0; }
  std::size_t count() const;
  bool contains(ConnectionId id) const;
  std::vector<ConnectionId> all() const;  // the oldest first
  // How many parts of the path their common root takes up.
  std::size_t root_parts() const { return parts_.empty() ? 0 : parts_.front().root_parts; }

 private:
  friend class GitHosts;
  struct Part {
    const GitPlace* place;
    std::size_t root_parts;                               // how much of the path its root takes up
    std::optional<std::vector<ConnectionId>> named = {};  // narrowed to these
    const std::vector<ConnectionId>& ids() const { return named ? *named : place->members; }
  };
  std::vector<Part> parts_;
};

class GitHosts {
 public:
  GitHosts(const Registry& registry, const Settings& settings) : registry_(registry), settings_(settings) {}

  void on_event(const Event& event);
  void settings_changed() { index_.reset(); }

  // `forgelink git setup` configures that host, connection or not.
  bool is_set_up(const GitAddress& address) const;

  // All connections that fit. A user name that names nobody ("git", "x-access-token") does not narrow them.
  GitCandidates matching(const GitAddress& address) const;
  // The connections on that host, whether they fit or not; the oldest first.
  std::vector<ConnectionId> on_host(const GitAddress& address) const;
  // Does it serve that origin?
  bool serves(const Connection& connection, const std::string& origin) const;

  // "https://host[:port]" of every host in use, and those of the cloud types: what `forgelink git setup`
  // configures.
  std::vector<std::string> origins() const;

 private:
  // All that the roots follow from.
  using PlaceKey = std::tuple<std::string, std::optional<std::string>, std::optional<std::string>>;
  struct Member {
    GitPlace* place = nullptr;
    std::vector<std::string> usernames;  // its keys in `by_username`
  };
  struct Index {
    std::map<PlaceKey, GitPlace> places;
    std::unordered_map<std::string, std::vector<const GitPlace*>> by_origin;
    std::unordered_map<ConnectionId, Member> members;
  };

  // Made when somebody asks for the first time: a start with very many connections does not wait for it.
  Index& index() const;
  void add(Index& index, const Connection& connection) const;
  static void forget(Index& index, ConnectionId id);
  GitPlace place_for(const Connection& connection) const;
  std::set<std::string> origins_in_use() const;
  void narrow_by_username(GitCandidates& fitting, const std::string& username, const GitPath& path) const;

  const Registry& registry_;
  const Settings& settings_;
  mutable std::optional<Index> index_;
};

}  // namespace forgelink
