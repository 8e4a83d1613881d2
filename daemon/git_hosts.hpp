// Which connections a git address may belong to: an index from protocol and host to connections, and the
// rules that narrow several down (design section 9). Never guesses: whoever asks gets all that fit.
//
// Follows the registry by the events of connections; on the loop.
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "daemon/events.hpp"
#include "daemon/settings.hpp"
#include "storage/registry.hpp"

namespace forgelink {

// What git says of the repository it wants to reach. Compared as it is, byte for byte.
struct GitAddress {
  std::string protocol, host;
  std::optional<std::string> path, username;
};

class GitHosts {
 public:
  GitHosts(const Registry& registry, const Settings& settings) : registry_(registry), settings_(settings) {}

  // Reads the whole registry again: at start, and when the settings have changed.
  void rebuild();
  void on_event(const Event& event);

  // Somebody has a connection on that host.
  bool covers(const GitAddress& address) const;

  // All connections that fit, narrowed by organisation, then user name, then path.
  std::vector<const Connection*> matching(const GitAddress& address) const;

  // "https://host[:port]" of every host in use, and those of the cloud types: what `forgelink git setup`
  // configures.
  std::vector<std::string> origins() const;

 private:
  void add(const Connection& connection);
  void remove(ConnectionId id);

  const Registry& registry_;
  const Settings& settings_;
  std::unordered_map<std::string, std::set<ConnectionId>> by_origin_;
  std::unordered_map<ConnectionId, std::vector<std::string>> origins_of_;
};

}  // namespace forgelink
