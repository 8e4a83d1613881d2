// SPDX-License-Identifier: MIT
// `forgelink import` from what was found to what was made of it: shows, asks, adds, clears the originals.
#pragma once

#include <string>
#include <vector>

#include "clients/cli/context.hpp"
#include "clients/cli/import/sources.hpp"

namespace forgelink::cli {

// The options of the command.
struct ImportOptions {
  std::vector<std::string> from;
  bool dry_run = false, yes = false, delete_originals = false, keep = false, session = false;
  bool no_verify = false, allow_http = false;
};

// Throws Exit as every command does.
void run_import(Context& context, const ImportOptions& options, KeyringReader read_keyring);

}  // namespace forgelink::cli
