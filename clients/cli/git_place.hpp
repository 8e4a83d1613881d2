// SPDX-License-Identifier: MIT
// Where the person is, as git sees it: the repository, its remotes, and what git would send to a credential
// helper for an address. Runs git in the current folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clients/cli/context.hpp"
#include "ipc/protocol/credential_explain.hpp"

namespace forgelink::cli {

// The top of the work tree, or the folder of a bare repository; "" outside any repository.
std::string repository_here();

// Ends the run where there is none: with the sentence, or with what git says where it cannot tell.
[[noreturn]] void without_repository(const Context& context, const std::string& sentence);

struct GitRemote {
  std::string name, url;
};

// Every address that a remote fetches from or pushes to, once, as git rewrites them (url.*.insteadOf).
std::vector<GitRemote> remotes_here();

// The remote that git fetches from without being told: that of the branch, else origin, else the only one; ""
// if there is none.
std::string usual_remote();

// What git would send for an address (credential.c, credential_from_url).
struct GitQuestion {
  std::string protocol, host;
  std::optional<std::string> path, username;
  bool asks_us = true;          // git is set up to ask Forgelink for that host
  bool path_held_back = false;  // credential.useHttpPath is off, so git does not tell the path
};

// Nothing for an address that is not asked by HTTP, as ssh://… and git@host:….
std::optional<GitQuestion> question_for(const std::string& url);

// The parameters of credential.explain.
protocol::CredentialExplain::Params params_of(const GitQuestion& question, const std::string& directory);

}  // namespace forgelink::cli
