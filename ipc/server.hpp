// SPDX-License-Identifier: MIT
// The daemon's end of the Unix socket: JSON-RPC 2.0, one JSON text per line.
//
// Limits (docs/architecture.md 4): a request line holds at most 1 MiB and 32 levels; 32 requests of one
// connection run concurrently and are answered as they finish; a client that does not read its answers is not
// read from either, a subscriber that does not read 4 MiB of events is dropped. A batch is answered in slices
// while its client reads, so that it takes neither memory nor the others' time. Only the user's own processes
// get in (SO_PEERCRED), others are told so and closed.
//
// On the loop only. The table must outlive the server. Call `stop` and let it finish before destroying.
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "ipc/method_table.hpp"

namespace forgelink::ipc {

class Channel;

class Server {
 public:
  struct Options {
    std::size_t longest_line = 1 << 20;
    std::size_t deepest = 32;
    std::size_t most_concurrent = 32;
    std::size_t held_back_at = 1 << 20;        // bytes of answers waiting: no further request is read
    std::size_t dropped_at = 4 << 20;          // bytes of events waiting: the subscriber is dropped
    Milliseconds memory_returned_after{2000};  // after an answer of `held_back_at` and more, or a crowd
    std::size_t many_clients = 64;             // a crowd, whose memory goes back when half of it has left
    std::string title = "Forgelink", version = "0";  // of the OpenRPC document
  };

  Server(asio::any_io_executor executor, const MethodTable& methods, Options options);
  ~Server();

  Server(const Server&) = delete;

  // Listens on a socket file of its own, folder 0700 and file 0600; replaces a file that nobody listens on.
  // Throws std::system_error if it cannot.
  void listen(const std::filesystem::path& socket);

  // Listens on a socket that was made for us (systemd activation). Takes over the descriptor.
  void adopt(int listening_descriptor);

  // Accepts no more, refuses new requests with `shutting_down`, lets those under way finish for at most
  // `grace`, then closes every connection.
  awaitable<> stop(Milliseconds grace);

  std::size_t clients() const { return channels_.size(); }

  // Called whenever the number of clients has become another.
  std::function<void()> on_clients_changed;

 private:
  friend class Channel;
  awaitable<> accept_all();
  void enter(asio::local::stream_protocol::socket socket);
  void leave(Channel& channel);

  // A large answer was written: what it took goes back to the system in a while.
  void return_memory_later();
  const std::string& discover();

  asio::any_io_executor executor_;
  const MethodTable& methods_;
  Options options_;
  asio::local::stream_protocol::acceptor acceptor_;
  std::filesystem::path own_socket_file_;
  std::set<std::shared_ptr<Channel>> channels_;
  std::size_t most_channels_ = 0;  // since memory was given back for a crowd
  bool stopping_ = false;
  std::vector<char> scratch_;  // where all channels read, one after the other
  std::string discover_;       // the OpenRPC document, once somebody asked for it
  asio::steady_timer memory_timer_;
};

}  // namespace forgelink::ipc
