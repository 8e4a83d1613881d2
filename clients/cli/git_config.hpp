// SPDX-License-Identifier: MIT
// git's settings of credential helpers, as git itself reads them: files in their order, includes, and which
// addresses a section is for.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "clients/cli/context.hpp"

namespace forgelink::cli {

// One setting where it stands. `scope` as git calls it: system, global, local, worktree, command.
struct GitSetting {
  std::string scope, origin, key, value;

  std::string file() const;  // the file it stands in; "" for none
  std::string name() const;  // the last part of the key, in lower case: "helper"
};

// All of credential.*, in the order in which git reads them.
std::vector<GitSetting> credential_settings();

// Those of that name which count for the address, in git's order; asks git which sections are for it.
std::vector<GitSetting> settings_for(const std::vector<GitSetting>& all, const std::string& url,
                                     const std::string& name);

// The helpers that git asks for an address: an empty one takes those before it away (gitcredentials(7)).
std::vector<GitSetting> helpers_for(const std::vector<GitSetting>& all, const std::string& url);

bool http_path_for(const std::vector<GitSetting>& all, const std::string& url);

// Is it git-credential-forgelink, by whatever name?
bool is_our_helper(const std::string& helper);

// Is there a program of that name that PATH leads to?
bool on_path(const std::string& program);

// Can git run it? True as well where only a shell could tell.
bool can_be_run(const std::string& helper);

// Where `git config --global` writes (git-config(1), FILES).
std::filesystem::path global_git_file();

// Why git cannot be asked: it is not installed, or what it says of a configuration that it cannot read. A
// sentence; "" where it can.
struct GitTrouble {
  bool is_missing = false;
  std::string sentence;
  std::string file = {};  // the one that it cannot read, if it names it
};
std::optional<GitTrouble> trouble_with_git();

// Ends the run where there is trouble.
void check_git(const Context& context);

}  // namespace forgelink::cli
