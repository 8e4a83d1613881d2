// SPDX-License-Identifier: MIT
// Keeps transports that wait for their next request, for 15 s each.
//
// A transport is kept under a key of the server, the proxy and the token, so that two tokens never share one:
// an answer that comes late or twice can then only be shown to the account it was meant for. Used on the
// event loop only. `idle` is called when nothing is kept any more and nothing was used for a while, to give
// back memory; it must not call into the pool.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <string>

#include "providers/http/transport.hpp"

namespace forgelink::http {

class TransportPool {
 public:
  TransportPool(const asio::any_io_executor& executor, std::function<void()> idle)
      : timer_(executor), idle_(std::move(idle)) {}

  // One that is silent and open; null if there is none. What has ended, or has spoken, is closed.
  std::unique_ptr<Transport> take(const std::string& key);

  // REQUIRES: the transport has brought exactly one final answer to its last request.
  void put(const std::string& key, std::unique_ptr<Transport> transport);

  // A request has ended: `idle` is due 15 s after the last one.
  void note_use();

  // Closes all that is kept, and forgets that `idle` is due.
  void clear();

 private:
  struct Kept {
    std::unique_ptr<Transport> transport;
    std::chrono::steady_clock::time_point until;
  };

  void close_later();

  std::multimap<std::string, Kept> kept_;
  asio::steady_timer timer_;
  std::chrono::steady_clock::time_point last_use_;
  bool waiting_ = false;
  std::function<void()> idle_;
};

}  // namespace forgelink::http
