// SPDX-License-Identifier: MIT
// What `git setup` found and left, so that `git unset` can go back. Kept in a file of the person's alone: it
// holds the whole of their git configuration, which may hold secrets.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace forgelink::cli {

struct GitMemory {
  std::string file;
  std::optional<std::string> before;  // the whole file; nothing: there was none
  bool exact = true;                  // nobody else has changed it since, as far as we know
  std::string after;
  struct Host {
    std::vector<std::string> helpers;  // what was set for this host
    std::optional<std::string> http_path;
  };
  std::map<std::string, Host> hosts;
  // The setting that includes the identities of commits, and its value; "" for none.
  std::string identity_key, identity_file;

  static std::filesystem::path place();
  static std::optional<GitMemory> load();  // nothing if git was not set up
  void save() const;
};

}  // namespace forgelink::cli
