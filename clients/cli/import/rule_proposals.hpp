// SPDX-License-Identifier: MIT
// Rules that a person has written into git's configuration already: user names for addresses
// (`credential.<url>.username`) and files that are included for folders or remotes (`includeIf`,
// git-config(1)).
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace forgelink::cli {

struct GitEntry {
  std::string key, value;
  std::string file;  // where it stands
};

struct ProposedRule {
  std::string url;              // "https://host[/path]"
  std::string directory;        // absolute, or ""
  std::string username;         // whose connection it is for
  std::string place;            // the file that says so
  std::string connection = {};  // its name, once known
  std::string state = "new";    // new, exists, made, refused
};

// The entries of a file that another one includes; of none if it cannot be read.
using IncludedFile = std::function<std::vector<GitEntry>(const std::string& file)>;

// Pure but for what `included` reads. Conditions that no rule can have (patterns in the middle, branches) are
// left out. `home` stands for ~.
std::vector<ProposedRule> propose_rules(const std::vector<GitEntry>& global, const std::string& home,
                                        const IncludedFile& included);

// Reads the person's own configuration by git.
std::vector<ProposedRule> propose_rules_of_git();

}  // namespace forgelink::cli
