// SPDX-License-Identifier: MIT
// A folder in the place of the person's own, and no bus, no service manager and no proxy, for code that reads
// the environment. Everything is put back, and the folder removed, at the end. One at a time.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace forgelink {

class PrivateHome {
 public:
  PrivateHome() {
    // Short, since the paths of sockets have at most 107 characters.
    std::string pattern = "/tmp/fl-home-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    set("HOME", folder_.string());
    set("XDG_DATA_HOME", (folder_ / "data").string());
    set("XDG_CONFIG_HOME", (folder_ / "config").string());
    set("XDG_STATE_HOME", (folder_ / "state").string());
    set("XDG_RUNTIME_DIR", (folder_ / "run").string());
    set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    set("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    for (const char* name :
         {"NOTIFY_SOCKET", "LISTEN_PID", "JOURNAL_STREAM", "FORGELINK_SOCKET", "http_proxy", "https_proxy",
          "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "XDG_SESSION_ID"})
      set(name, std::nullopt);
    std::filesystem::create_directories(folder_ / "data" / "forgelink");
    std::filesystem::create_directories(folder_ / "run");
  }
  ~PrivateHome() {
    for (const auto& [name, value] : before_) put(name, value);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  PrivateHome(const PrivateHome&) = delete;

  // For the life of this object; nothing unsets it.
  void set(const std::string& name, std::optional<std::string> value) {
    const char* old = getenv(name.c_str());
    before_.try_emplace(name, old != nullptr ? std::optional<std::string>(old) : std::nullopt);
    put(name, value);
  }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  static void put(const std::string& name, const std::optional<std::string>& value) {
    if (value) {
      setenv(name.c_str(), value->c_str(), 1);
    } else {
      unsetenv(name.c_str());
    }
  }

  std::filesystem::path folder_;
  std::map<std::string, std::optional<std::string>> before_;
};

}  // namespace forgelink
