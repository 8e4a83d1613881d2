// SPDX-License-Identifier: MIT
// The one place that hands out tokens: to git, to a forge for a list or a request, to a command's front.
//
// Refuses while the daemon is locked and what the policy forbids, asks the user where the connection requires
// it, and records the outcome. On the loop; what is given must outlive it.
#pragma once

#include "daemon/access/access_recorder.hpp"
#include "daemon/access/consent.hpp"
#include "daemon/access/token_lock.hpp"
#include "daemon/tokens/tokens.hpp"

namespace forgelink {

class Gate {
 public:
  Gate(Registry& registry, Tokens& tokens, TokenLock& lock, Consent& consent, AccessRecorder& recorder,
       const Settings& settings, const Clock& clock)
      : registry_(registry),
        tokens_(tokens),
        lock_(lock),
        consent_(consent),
        recorder_(recorder),
        settings_(settings),
        clock_(clock) {}

  // The token itself, for whoever hands it out or sends it. Fails with locked, access_denied, too_busy, or as
  // Tokens::usable does. Written down either way.
  awaitable<Result<SharedSecret>> token(AccessRequest request, Prompt prompt);

  // Does its token leave only after a person's yes, as it is set now?
  bool asks(ConnectionId connection) const;

  // For what gets the token by itself (lists, verifying): may it? A no is written down here, the rest by
  // `note` when it is over.
  awaitable<Result<>> admit(AccessRequest request);
  void note(const AccessRequest& request, AccessOutcome outcome);

 private:
  awaitable<Result<>> agreed(const AccessRequest& request);
  std::string host_of(ConnectionId connection) const;

  Registry& registry_;
  Tokens& tokens_;
  TokenLock& lock_;
  Consent& consent_;
  AccessRecorder& recorder_;
  const Settings& settings_;
  const Clock& clock_;
};

// What came of a use, by how it ended: a forge that said no was asked with the token.
AccessOutcome outcome_of(const std::optional<Error>& failure);

}  // namespace forgelink
