// SPDX-License-Identifier: MIT
// Opens an address in the person's browser without showing it to other users of the machine: they can read a
// process's arguments (/proc/PID/cmdline), and a sign-in's address holds its `state`. The browser is given
// the name of a file of mode 0600 instead, which leads on to the address.
//
// Any thread. The file is removed when the object is destroyed: keep it until the browser has read it.
#pragma once

#include <filesystem>
#include <string>

namespace forgelink {

class PrivatePage {
 public:
  // Writes the file into $XDG_RUNTIME_DIR/forgelink; `file()` is empty if it cannot be written.
  explicit PrivatePage(const std::string& url);
  ~PrivatePage();
  PrivatePage(const PrivatePage&) = delete;
  PrivatePage& operator=(const PrivatePage&) = delete;

  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
};

}  // namespace forgelink
