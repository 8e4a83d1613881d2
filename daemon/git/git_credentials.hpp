// SPDX-License-Identifier: MIT
// Answers git's credential requests: get, store and erase (docs/architecture.md 9, docs/forges.md 12).
//
// A host that a connection covers is answered from the connection. Every other host is stored as git says
// and forgotten when git says so, like any credential helper does. On the loop.
#pragma once

#include <set>

#include "daemon/access/gate.hpp"
#include "daemon/connections/connections.hpp"
#include "daemon/git/git_rules.hpp"
#include "daemon/git/stored_credentials.hpp"

namespace forgelink {

// What git sent, for all three questions.
struct GitCredential {
  GitAddress address;
  std::optional<Secret> password, refresh_token, credential;
  std::optional<std::string> authtype;
  std::optional<Time> password_expiry;
  bool ephemeral = false;
  bool understands_authtype = false;
  Asker asker = {};
  // Asked on a lent socket: these are all connections there are, and nothing else is known. To those of
  // `agreed` the person said yes.
  std::optional<std::set<ConnectionId>> only = {};
  std::set<ConnectionId> agreed = {};
};

// What git gets. Nothing set: no answer.
struct GitAnswer {
  std::optional<std::string> username, authtype;
  SharedSecret password, credential;
  std::optional<Secret> refresh_token;
  std::optional<Time> password_expiry;
  std::optional<ConnectionId> connection;
  bool quit = false;
  std::string message;
};

// What git would get for an address, and why.
struct GitExplanation {
  enum class Outcome { answer, ambiguous, none, stored, unusable };
  struct Candidate {
    ConnectionId connection;
    bool fits = false;
    std::string reason;
  };
  Outcome outcome = Outcome::none;
  std::optional<ConnectionId> connection;
  std::optional<RuleId> rule;
  std::string reason;
  std::vector<Candidate> candidates;
};

class GitCredentials {
 public:
  GitCredentials(asio::any_io_executor executor, Registry& registry, GitHosts& hosts, GitRules& rules,
                 StoredCredentials& stored_credentials, Connections& connections, Tokens& tokens, Gate& gate,
                 const Settings& settings, const Clock& clock)
      : executor_(std::move(executor)),
        registry_(registry),
        hosts_(hosts),
        rules_(rules),
        stored_credentials_(stored_credentials),
        connections_(connections),
        tokens_(tokens),
        gate_(gate),
        settings_(settings),
        clock_(clock) {}

  awaitable<GitAnswer> get(GitCredential asked);
  awaitable<Result<>> store(GitCredential accepted);
  awaitable<Result<>> erase(GitCredential refused);

  // What `get` would do, and why. Hands nothing out and counts nothing as use.
  awaitable<GitExplanation> explain(GitAddress address);

 private:
  // The answer in place of a token that the policy is against; nothing if it is not.
  std::optional<GitAnswer> forbidden(ConnectionId id, const GitAddress& address) const;
  awaitable<GitAnswer> answer_for(ConnectionId id, GitCredential asked);
  std::string why_chosen(const GitChoice& choice, const GitAddress& address) const;
  awaitable<Result<>> usable(ConnectionId id);
  awaitable<bool> is_token_of(ConnectionId id, const Secret& token);
  awaitable<std::optional<ConnectionId>> holder_of(GitAddress address, const Secret& token);
  std::vector<ConnectionId> takers(GitAddress address) const;

  asio::any_io_executor executor_;
  Registry& registry_;
  GitHosts& hosts_;
  GitRules& rules_;
  StoredCredentials& stored_credentials_;
  Connections& connections_;
  Tokens& tokens_;
  Gate& gate_;
  const Settings& settings_;
  const Clock& clock_;
};

}  // namespace forgelink
