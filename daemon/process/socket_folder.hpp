// SPDX-License-Identifier: MIT
// The folder in which the daemon makes sockets beside its own: for fronts and lent connections. On the loop.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace forgelink {

// In the runtime folder, 0700. `internal` if it cannot be made.
Result<std::filesystem::path> socket_folder();

// Removes the sockets of that prefix on which nobody listens: those of a daemon that was killed.
void sweep_sockets(const std::filesystem::path& folder, std::string_view prefix);

}  // namespace forgelink
