// SPDX-License-Identifier: MIT
// A TCP connection to a host by name: IPv6 and IPv4 side by side (RFC 8305), never longer than asked for.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "base/async.hpp"
#include "base/result.hpp"

namespace forgelink::http {

// `forge_unreachable` with a sentence that names the host. `host` without brackets.
awaitable<Result<asio::ip::tcp::socket>> connect_to(std::string host, unsigned port, Milliseconds limit);

}  // namespace forgelink::http
