// SPDX-License-Identifier: MIT
// Keeps a MemoryImage with the service manager while the daemon restarts (sd_pid_notify_with_fds(3),
// FDSTORE=1): in a memfd that is sealed against writing, growing and shrinking, and in nobody's file system.
//
// The manager gives it back to the next process of the unit and drops it when the unit is stopped. Each image
// takes the place of the one before, which leaves the store at once. Without a service manager nothing is
// kept. On the loop.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/process/memory_image.hpp"

namespace forgelink {

class DescriptorStore {
 public:
  // Sends a message with a descriptor, or -1 for none, to the service manager; false if there is none.
  using Notify = std::function<bool(const std::string& message, int descriptor)>;

  explicit DescriptorStore(Notify notify);
  DescriptorStore();  // the service manager of this process

  // The names under which the manager gave images to this process.
  void inherited(const std::vector<std::string>& names);

  // In place of what was kept before; an empty image keeps nothing.
  void keep(const MemoryImage& image);

  // Is that the name of an image of ours?
  static bool is_image(std::string_view name);
  // Reads an image; nothing if it is none of ours, or not sealed. Does not close the descriptor.
  static std::optional<MemoryImage> read(int descriptor);
  // A sealed memfd with the image in it, or -1.
  static int make(const MemoryImage& image);

 private:
  void remove(const std::vector<std::string>& names);

  Notify notify_;
  std::vector<std::string> kept_;
  unsigned long next_ = 1;
};

// What the service manager has passed to this process (sd_listen_fds_with_names(3)). Call once.
struct InheritedDescriptors {
  std::optional<int> socket;  // the listening socket
  std::vector<std::string> image_names;
  std::optional<MemoryImage> image;  // the newest; its descriptor is closed already
};
InheritedDescriptors inherited_descriptors();

}  // namespace forgelink
