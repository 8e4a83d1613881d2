// SPDX-License-Identifier: MIT
#include "clients/cli/doctor/listeners.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "ipc/client.hpp"
#include "ipc/client_fields.hpp"
#include "ipc/protocol/daemon_status.hpp"

namespace forgelink::cli::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds patience{2000};

// Paths of listening sockets, by proc(5), /proc/net/unix. Files of others and names without a file are left
// out.
std::vector<fs::path> own_listeners() {
  std::vector<fs::path> found;
  std::ifstream table("/proc/net/unix");
  for (std::string line; std::getline(table, line);) {
    std::istringstream columns(line);
    std::string number, count, protocol, flags, type, state, inode, path;
    columns >> number >> count >> protocol >> flags >> type >> state >> inode >> std::ws;
    std::getline(columns, path);
    struct stat file {};
    const bool listens = flags == "00010000" && path.starts_with('/');  // __SO_ACCEPTCON
    if (listens && stat(path.c_str(), &file) == 0 && S_ISSOCK(file.st_mode) && file.st_uid == geteuid())
      found.emplace_back(path);
  }
  return found;
}

// Who called listen(): systemd, where it started the daemon by its socket.
pid_t listener_of(const ipc::Client& client) {
  ucred peer{};
  socklen_t size = sizeof peer;
  const bool known = getsockopt(client.descriptor(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  return known ? peer.pid : 0;
}

bool answers_as(pid_t daemon, const fs::path& path) {
  const bool usual = path.filename() == "socket" && path.parent_path().filename() == "forgelink";
  std::optional<ipc::Client> client = ipc::Client::connect(path, patience);
  // Nothing is written to another program's socket, which may not bear a stranger's line.
  if (!client || (!usual && listener_of(*client) != daemon)) return false;
  const ipc::Response response =
      client->call(protocol::DaemonStatus::name,
                   ipc::params_object(protocol::DaemonStatus::Params{.wait = false}), patience);
  const auto* result = std::get_if<boost::json::value>(&response);
  protocol::DaemonStatus::Reply status;
  if (result != nullptr) ipc::from_json(*result, status);
  return status.pid == daemon && !status.registry.empty();
}

}  // namespace

fs::path socket_of(pid_t daemon) {
  for (const fs::path& path : own_listeners()) {
    if (answers_as(daemon, path)) return path;
  }
  return {};
}

}  // namespace forgelink::cli::doctor
