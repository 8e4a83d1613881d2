// SPDX-License-Identifier: MIT
// Where daemons listen, wherever the person's shell looks for one. Plain functions; the CLI's only thread.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace forgelink::cli::doctor {

// The socket on which that process answers as Forgelink's daemon, one that it lends aside; empty if there is
// none. Asks those sockets of this user on which the process listens, or systemd for it.
std::filesystem::path socket_of(pid_t daemon);

}  // namespace forgelink::cli::doctor
