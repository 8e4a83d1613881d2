// SPDX-License-Identifier: MIT
// What git-credential-libsecret, Git Credential Manager, gh and glab keep in the Secret Service. Only read;
// nothing there is changed.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "clients/cli/import/found.hpp"

namespace forgelink::cli {

struct KeyringWanted {
  std::set<std::string> sources;               // of libsecret, gcm, gh, glab
  std::set<std::string> gh_hosts, glab_hosts;  // where those two may have signed in
  bool may_ask = false;                        // may a person be asked to unlock it?
};

Parsed look_into_keyring(const KeyringWanted& wanted);

}  // namespace forgelink::cli
