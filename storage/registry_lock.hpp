// SPDX-License-Identifier: MIT
// One daemon per registry: a lock on `connections.lock` for as long as this object lives (fcntl(2), so that
// it goes with the process, however that ends).
#pragma once

#include <sys/types.h>
#include <filesystem>
#include <stdexcept>

namespace forgelink {

// The registry cannot be opened; a sentence for people.
struct RegistryOpenFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class RegistryLock {
 public:
  // Throws RegistryOpenFailed, naming the process that holds it.
  explicit RegistryLock(const std::filesystem::path& folder);
  ~RegistryLock();
  RegistryLock(const RegistryLock&) = delete;

 private:
  int file_;
};

}  // namespace forgelink
