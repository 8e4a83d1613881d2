// SPDX-License-Identifier: MIT
// Bytes to and from somewhere: a client of a front, or a forge by TLS or plain. Hides which.
//
// On the loop. One read and one write may be under way at once. Each ends with an error after `stall_limit`
// without progress, so that nobody holds a connection by doing nothing.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <memory>
#include <string_view>

#include "base/async.hpp"
#include "base/secret.hpp"

namespace forgelink::http {

class ByteStream {
 public:
  static constexpr Milliseconds stall_limit{300'000};

  virtual ~ByteStream() = default;

  // Reads at least one byte; gives 0 with an error at the end.
  virtual awaitable<std::size_t> read_some(char* into, std::size_t size,
                                           boost::system::error_code& error) = 0;

  // Writes all of it.
  virtual awaitable<> write(std::string_view bytes, boost::system::error_code& error) = 0;

  // What waits ends with an error.
  virtual void close() = 0;
};

// Of a socket that was accepted, Unix or TCP.
std::unique_ptr<ByteStream> stream_of(asio::generic::stream_protocol::socket socket);

// A way to a forge. Through a proxy that does not tunnel, requests name the whole address and bring the
// proxy's credentials.
struct Upstream {
  std::unique_ptr<ByteStream> stream;
  bool whole_address = false;
  SharedSecret proxy_credentials;
};

}  // namespace forgelink::http
