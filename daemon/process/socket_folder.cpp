// SPDX-License-Identifier: MIT
#include "daemon/process/socket_folder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "base/paths.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;

bool is_listened_on(const fs::path& socket) {
  boost::asio::io_context context;
  boost::asio::local::stream_protocol::socket probe(context);
  boost::system::error_code error;
  probe.connect(boost::asio::local::stream_protocol::endpoint(socket.string()), error);
  return !error;
}

}  // namespace

Result<fs::path> socket_folder() {
  const fs::path folder = runtime_dir() / "forgelink";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || chmod(folder.c_str(), 0700) != 0)
    return Error{.code = Errc::internal,
                 .message = fmt::format("The folder {} for sockets cannot be made.", folder.string())};
  return folder;
}

void sweep_sockets(const fs::path& folder, std::string_view prefix) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (!entry.path().filename().string().starts_with(prefix) || !entry.is_socket(error)) continue;
    if (!is_listened_on(entry.path())) fs::remove(entry.path(), error);
  }
}

}  // namespace forgelink
