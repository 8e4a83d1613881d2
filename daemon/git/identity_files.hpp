// SPDX-License-Identifier: MIT
// Keeps the rendered identities (identity_render.hpp) on disk in step with the rules and the connections,
// while `forgelink git setup --identity` wants them.
//
// The files are in a folder beside the registry, which is the daemon's to write; git's own configuration is
// changed by the command line. Used on the event loop only; the files are small.
#pragma once

#include <filesystem>

#include "daemon/events/events.hpp"
#include "storage/registry.hpp"

namespace forgelink {

class IdentityFiles {
 public:
  IdentityFiles(Registry& registry, std::filesystem::path folder)
      : registry_(registry), folder_(std::move(folder)) {}

  bool is_on() const;
  // Writes the files, or takes them away. Remembered in the registry. Fails with internal where they cannot
  // be written, and is then off.
  Result<> turn(bool on);
  // What git is to include.
  std::filesystem::path entry() const;

  void on_event(const Event& event);

 private:
  Result<> write() const;

  Registry& registry_;
  std::filesystem::path folder_;
};

}  // namespace forgelink
