// SPDX-License-Identifier: MIT
#include "base/paths.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace forgelink {
namespace {

namespace fs = std::filesystem;

// The specification wants relative paths ignored.
fs::path from_environment(const char* variable, const fs::path& otherwise) {
  const char* value = std::getenv(variable);
  return value != nullptr && value[0] == '/' ? fs::path(value) : otherwise;
}

}  // namespace

fs::path home() {
  const char* value = std::getenv("HOME");
  if (value != nullptr && value[0] == '/') return value;
  const passwd* user = getpwuid(getuid());
  return user != nullptr ? fs::path(user->pw_dir) : fs::path("/");
}

fs::path config_home() { return from_environment("XDG_CONFIG_HOME", home() / ".config"); }
fs::path data_home() { return from_environment("XDG_DATA_HOME", home() / ".local/share"); }
fs::path state_home() { return from_environment("XDG_STATE_HOME", home() / ".local/state"); }
fs::path runtime_dir() {
  return from_environment("XDG_RUNTIME_DIR", "/run/user/" + std::to_string(getuid()));
}

}  // namespace forgelink
