// SPDX-License-Identifier: MIT
// The identities of commits as git's configuration: conditional includes that follow the rules.
//
// One file holds the conditions (`includeIf`, git-config(1)), and one file for each connection holds its
// `user.name` and `user.email`, since git includes by path alone. Pure functions.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/connection.hpp"
#include "storage/rule.hpp"

namespace forgelink {

struct IdentityFile {
  std::string name;  // in the folder of them all
  std::string content;
};

// The name of the file that git is to include.
inline constexpr std::string_view identity_entry = "config";

// The files for these rules, `identity_entry` first. `folder` is where they will be, for the paths in them. A
// rule whose connection has no commit email renders nothing. What git reads last counts, so the best rule
// comes last.
std::vector<IdentityFile> render_identities(std::vector<Rule> rules,
                                            const std::function<const Connection*(ConnectionId)>& find,
                                            const std::string& folder);

// A folder as a pattern of `gitdir:` that matches repositories in it or below, and only those.
std::string gitdir_pattern(const std::string& folder);

// A value as git-config(1) reads it back.
std::string quoted_value(std::string_view value);

}  // namespace forgelink
