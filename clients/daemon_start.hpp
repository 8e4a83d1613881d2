// SPDX-License-Identifier: MIT
// Finds the daemon, and starts it if there is none: by systemd's socket where there is one, else by running
// forgelinkd itself, as gpg does with its agent. Uses POSIX alone, for static programs.
#pragma once

#include <optional>
#include <string>

#include "ipc/client.hpp"

namespace forgelink {

// Nothing if there is no daemon and none could be started within `limit`; `why` then says why, in a sentence.
// FORGELINK_NO_AUTOSTART=1 forbids the starting. Nothing is started, made or sent where the socket, its
// folder or the home belongs to another user, as under `sudo -E`.
std::optional<ipc::Client> connect_or_start(ipc::Client::Duration limit, std::string& why);

}  // namespace forgelink
