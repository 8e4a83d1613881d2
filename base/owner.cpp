// SPDX-License-Identifier: MIT
#include "base/owner.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace forgelink {
namespace {

namespace fs = std::filesystem;

// True if it, or its nearest parent that is there, belongs to another user than this one or root.
bool is_foreign(fs::path folder) {
  while (true) {
    struct stat found {};
    if (stat(folder.c_str(), &found) == 0) return found.st_uid != geteuid() && found.st_uid != 0;
    if (!folder.has_relative_path()) return false;
    folder = folder.parent_path();
  }
}

}  // namespace

std::string foreign_environment(const std::vector<fs::path>& more) {
  std::vector<fs::path> folders = more;
  for (const char* name : {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value == '/') folders.emplace_back(value);
  }
  for (const fs::path& folder : folders) {
    if (is_foreign(folder))
      return folder.string() +
             " belongs to another user: nothing is made there. Run this as that user, or with a " +
             "home of your own (sudo -H).";
  }
  return "";
}

}  // namespace forgelink
