// SPDX-License-Identifier: MIT
// All places where other programs keep credentials, looked through.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "clients/cli/import/found.hpp"

namespace forgelink::cli {

inline constexpr const char* import_sources[] = {"git-store", "netrc", "libsecret", "gcm", "gh", "glab"};

// A sentence about a place that could not be read, or not all of it.
struct Trouble {
  std::string place, sentence;
};

// What is wanted of the keyring, and who reads it: only the program forgelink-import links libsecret.
struct KeyringWanted {
  std::set<std::string> sources;               // of libsecret, gcm, gh, glab
  std::set<std::string> gh_hosts, glab_hosts;  // where those two may have signed in
  bool may_ask = false;                        // may a person be asked to unlock it?
};
using KeyringReader = Parsed (*)(const KeyringWanted& wanted);

struct Haul {
  std::vector<Found> found;
  std::vector<Trouble> troubles;
};

// `sources` empty: all. `gh_hosts` and `glab_hosts`: where those programs are signed in even if their files
// say nothing.
Haul look_everywhere(const std::set<std::string>& sources, std::set<std::string> gh_hosts,
                     std::set<std::string> glab_hosts, bool may_ask, KeyringReader read_keyring);

// What reads the files of this source; nullptr for the keyring.
Parser parser_of(const std::string& source, const std::string& place);

// The files that `credential.helper = store` names, from what git config prints of the setting.
std::vector<std::filesystem::path> store_files(const std::string& helper_settings);

}  // namespace forgelink::cli
