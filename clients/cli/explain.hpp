// SPDX-License-Identifier: MIT
// What git would get for an address, and why: as explain and doctor tell it.
#pragma once

#include <string>
#include <vector>

#include "clients/cli/context.hpp"
#include "clients/cli/git_place.hpp"
#include "ipc/protocol/credential_explain.hpp"

namespace forgelink::cli {

// An address as `credential.explain` answers it; without an answer where it is not asked by HTTP.
struct Explained {
  std::string remote;  // its name; "" for an address that was typed
  std::string url;     // without a password
  std::optional<GitQuestion> question;
  std::optional<Answer<protocol::CredentialExplain>> answer;
};

// The addresses of all remotes of the repository here.
std::vector<Explained> explain_remotes(Context& context, const std::string& directory);

// One line: "“Work” answers. The rule for … names it."
std::string outcome_in_words(const protocol::CredentialExplain::Reply& answer);

// What changes the outcome, as a command line; "" where nothing is wrong.
std::string command_to_change(const protocol::CredentialExplain::Reply& answer);

}  // namespace forgelink::cli
