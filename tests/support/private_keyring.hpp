// SPDX-License-Identifier: MIT
// A real gnome-keyring on a session bus of its own, in a folder of its own. Processes end with the object.
#pragma once

#include <sys/types.h>
#include <filesystem>

namespace forgelink {

class PrivateKeyring {
 public:
  PrivateKeyring();
  ~PrivateKeyring();
  PrivateKeyring(const PrivateKeyring&) = delete;

  // Are the programs there?
  static bool possible();

 private:
  std::filesystem::path folder_;
  pid_t bus_ = 0, keyring_ = 0;
};

}  // namespace forgelink
