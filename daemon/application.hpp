// SPDX-License-Identifier: MIT
// The composition root: creates all services, connects them, and runs them on one loop.
//
// Order of start: settings, registry (refuses if another daemon holds it), socket, ready; only then the
// keyring, so that nobody waits for it. Order of end: clients are told, what is under way finishes, uses are
// written.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

namespace forgelink {

struct CommandLine {
  std::optional<std::filesystem::path> settings_file;  // --config
  std::optional<std::filesystem::path> socket;         // --socket
};

class Application {
 public:
  // Throws SettingsError, Registry::OpenFailed or std::system_error, each with a sentence for people.
  explicit Application(CommandLine command_line);
  ~Application();

  // Until SIGTERM, SIGINT, or `idle_exit`.
  void run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace forgelink
