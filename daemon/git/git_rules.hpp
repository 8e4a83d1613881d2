// SPDX-License-Identifier: MIT
// Which connection an address of git's leads to: the candidates on its host, and the rules that choose
// between several of them.
//
// Candidates come from GitHosts. A single candidate is the answer; of several it is the one that the best
// rule names (rule_index.hpp); without a rule the choice is ambiguous. Keeps the rules in memory as the
// registry has them, and follows connections by their events. Used on the event loop only.
#pragma once

#include "daemon/events/events.hpp"
#include "daemon/git/git_hosts.hpp"
#include "daemon/git/rule_index.hpp"

namespace forgelink {

// What an address leads to, before any token is looked at.
struct GitChoice {
  std::optional<ConnectionId> connection;  // nothing: none fits, or several do and no rule says which
  std::optional<RuleId> rule;              // the one that decided
  GitCandidates candidates;
};

class GitRules {
 public:
  GitRules(Registry& registry, const GitHosts& hosts, EventHub& events, const Clock& clock);

  void on_event(const Event& event);

  // Makes a rule, in place of one with the same conditions. Fails with invalid_params on `url` (no address,
  // or a host that the connection does not serve) or on `directory` (not absolute), without either of them on
  // `url`.
  Result<Rule> add(ConnectionId connection, std::optional<std::string> url,
                   std::optional<std::string> directory);
  Result<> remove(RuleId id);  // not_found

  // In the order of their making; only those of one connection if it is given.
  std::vector<Rule> list(const std::optional<ConnectionId>& connection) const;
  const Rule* find(RuleId id) const;
  // False where its connection does not serve its host any more: it chooses nothing then.
  bool is_in_force(const Rule& rule) const;

  GitChoice choose(const GitAddress& address) const;

  // For several candidates and no rule: their names, and the command that settles it for the owner or the
  // host.
  std::string ambiguity(const GitChoice& choice, const GitAddress& address) const;
  // For no candidate although the host has connections: what holds them back. "" without any connection
  // there.
  std::string held_back(const GitAddress& address) const;
  // The same of one connection on that host, for `credential.explain`.
  std::string why_not(const Connection& connection, const GitAddress& address) const;

 private:
  void changed(const Rule& rule, std::string_view change);

  Registry& registry_;
  const GitHosts& hosts_;
  EventHub& events_;
  const Clock& clock_;
  RuleIndex index_;
};

// In the form in which folders are compared: absolute, symbolic links resolved as far as the path exists.
std::string resolved_folder(const std::string& directory);

// In words: "https://git.example/owner in /home/me/work".
std::string in_words(const Rule& rule);

}  // namespace forgelink
