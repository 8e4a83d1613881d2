// SPDX-License-Identifier: MIT
// Keeps the image of the daemon's memory with the service manager in step with what it shows.
//
//   restart_memory.add_source([&](MemoryImage& image) { save_tokens(vault, image); });
//   restart_memory.changed(RestartMemory::Change::erased);
//
// What was added is in the image a moment later, many additions at once; what was taken away leaves it at the
// end of the same turn of the loop. On the loop; sources must outlive it.
#pragma once

#include <functional>
#include <vector>

#include "base/async.hpp"
#include "daemon/process/descriptor_store.hpp"

namespace forgelink {

class RestartMemory {
 public:
  using Fill = std::function<void(MemoryImage&)>;
  enum class Change { added, erased };

  RestartMemory(asio::any_io_executor executor, DescriptorStore& store);

  void add_source(Fill fill) { sources_.push_back(std::move(fill)); }
  void changed(Change change);
  // At the end of the process.
  void save_now();

 private:
  DescriptorStore& store_;
  std::vector<Fill> sources_;
  asio::steady_timer timer_;
  bool waiting_ = false, at_once_ = false;
};

}  // namespace forgelink
