// SPDX-License-Identifier: MIT
#include "daemon/process/restart_memory.hpp"

namespace forgelink {
namespace {

constexpr Milliseconds addition_delay{100};

}  // namespace

RestartMemory::RestartMemory(asio::any_io_executor executor, DescriptorStore& store)
    : store_(store), timer_(std::move(executor)) {}

void RestartMemory::changed(Change change) {
  const bool at_once = change == Change::erased;
  // A removal overtakes an addition that waits; an addition delays nothing.
  if (waiting_ && (at_once_ || !at_once)) return;
  waiting_ = true;
  at_once_ = at_once;
  timer_.expires_after(at_once ? Milliseconds(0) : addition_delay);
  timer_.async_wait([this](const boost::system::error_code& stopped) {
    if (!stopped) save_now();
  });
}

void RestartMemory::save_now() {
  waiting_ = at_once_ = false;
  timer_.cancel();
  MemoryImage image;
  for (const Fill& fill : sources_) fill(image);
  store_.keep(image);
}

}  // namespace forgelink
