// SPDX-License-Identifier: MIT
#include "storage/bus_arrival.hpp"

#include <sys/inotify.h>

#include <cstdlib>
#include <string_view>

#include "base/paths.hpp"

namespace forgelink {
namespace {

std::filesystem::path folder_of_bus() {
  const char* address = std::getenv("DBUS_SESSION_BUS_ADDRESS");
  std::string_view text = address != nullptr ? address : "";
  // A list of addresses: `;` ends one, `,` a key in it (D-Bus Specification, Server Addresses).
  if (text.starts_with("unix:path=")) {
    text.remove_prefix(10);
    return std::filesystem::path(text.substr(0, text.find_first_of(",;"))).parent_path();
  }
  return runtime_dir();
}

}  // namespace

void BusArrival::watch(std::function<void()> then) {
  if (inotify_.is_open()) return;
  const int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0) return;
  inotify_.assign(descriptor);
  // The folder, since the socket itself is not there yet.
  inotify_add_watch(descriptor, folder_of_bus().c_str(), IN_CREATE | IN_MOVED_TO);
  inotify_.async_wait(asio::posix::descriptor_base::wait_read,
                      [this, then = std::move(then)](const boost::system::error_code& stopped) {
                        if (stopped) return;
                        stop();
                        then();
                      });
}

void BusArrival::stop() {
  boost::system::error_code ignored;
  inotify_.close(ignored);
}

}  // namespace forgelink
