// SPDX-License-Identifier: MIT
// Which connections a git address may belong to: an index from protocol and host to connections, and the
// rules that narrow several down (design section 9). Never guesses: whoever asks gets all that fit.
//
// Follows the registry by the events of connections; on the loop.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "daemon/events/events.hpp"
#include "daemon/settings/settings.hpp"
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

  void on_event(const Event& event);
  void settings_changed() { by_origin_.reset(); }

  // Somebody has a connection on that host.
  bool covers(const GitAddress& address) const;

  // All connections that fit, narrowed by organisation, then user name, then path; the oldest first.
  std::vector<const Connection*> matching(const GitAddress& address) const;

  // "https://host[:port]" of every host in use, and those of the cloud types: what `forgelink git setup`
  // configures.
  std::vector<std::string> origins() const;

 private:
  using Index = std::unordered_map<std::string, std::vector<ConnectionId>>;  // by "https://host[:port]"

  // Made when somebody asks for the first time: a start with very many connections does not wait for it.
  const Index& by_origin() const;
  std::vector<std::string> origins_of(const Connection& connection) const;

  const Registry& registry_;
  const Settings& settings_;
  mutable std::optional<Index> by_origin_;
};

}  // namespace forgelink
