// SPDX-License-Identifier: MIT
// A TCP connection to a host by name: IPv6 and IPv4 concurrently (RFC 8305), within a time limit. The own
// host's names (localhost) are never looked up. Used on the event loop only.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "base/async.hpp"
#include "base/result.hpp"

namespace forgelink::http {

// Fails with forge_unreachable and a sentence that names the host. `host` without brackets.
awaitable<Result<asio::ip::tcp::socket>> connect_to(std::string host, unsigned port, Milliseconds limit);

}  // namespace forgelink::http
