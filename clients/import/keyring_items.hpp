// SPDX-License-Identifier: MIT
// What git-credential-libsecret, Git Credential Manager, gh and glab keep in the Secret Service. Only read;
// nothing there is changed.
#pragma once

#include "clients/cli/import/sources.hpp"

namespace forgelink::cli {

Parsed look_into_keyring(const KeyringWanted& wanted);

}  // namespace forgelink::cli
