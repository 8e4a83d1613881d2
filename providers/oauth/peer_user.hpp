// SPDX-License-Identifier: MIT
// Finds the user of the process at the other end of a TCP connection over the loopback, by socket diagnostics
// (sock_diag(7)); there is no SO_PEERCRED for TCP. Blocks for no longer than a system call; any thread.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <optional>

#include <sys/types.h>

namespace forgelink {

// `peer` is the far end of an accepted connection, `local` ours. Nothing if the kernel does not tell, or if
// the process has closed its socket already: a closed one has lost its owner.
std::optional<uid_t> user_of_peer(const boost::asio::ip::tcp::endpoint& peer,
                                  const boost::asio::ip::tcp::endpoint& local);

}  // namespace forgelink
