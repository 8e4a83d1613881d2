// SPDX-License-Identifier: MIT
// One front: a Unix socket (mode 0600) and a loopback port, through which a command uses a connection without
// seeing its token.
//
// Plain HTTP/1.1. The port wants the front's secret with every request, since any user of the machine can
// reach it; the socket is the user's own. Requests are checked by front_routes.hpp, asked for at the gate one
// by one, and carried by providers/http/relay.hpp. On the loop. Held by shared_ptr: requests under way keep
// it until they have ended. Its token is read for each request and kept nowhere.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <filesystem>
#include <memory>
#include <set>

#include "daemon/access/gate.hpp"
#include "daemon/front/front_routes.hpp"
#include "providers/http/beast_client.hpp"

namespace forgelink {

class Front : public std::enable_shared_from_this<Front> {
 public:
  // The header that carries the secret to the port.
  static constexpr const char* secret_header = "X-Forgelink-Front";
  static constexpr std::size_t most_clients = 64;

  struct Services {
    Registry& registry;
    Gate& gate;
    http::BeastClient& client;
    const Settings& settings;
  };

  // `agreed`: the person was asked about it and said yes. Else the first request asks, once the connection is
  // set to ask.
  Front(asio::any_io_executor executor, Services services, ConnectionId connection, FrontRules rules,
        Asker asker, bool agreed);

  // Makes the socket and the port. `internal` if that is not possible.
  Result<> listen(const std::filesystem::path& socket);

  // Takes no more requests, and ends those under way.
  void close();

  const std::filesystem::path& socket() const { return socket_; }
  unsigned port() const { return port_; }
  const Secret& secret() const { return secret_; }
  ConnectionId connection() const { return connection_; }
  // The connection's addresses; `not_found` if it is gone.
  Result<FrontPlaces> places(const SharedSecret& token) const;

 private:
  awaitable<> accept_local();
  awaitable<> accept_tcp();
  awaitable<> serve(std::shared_ptr<http::ByteStream> client, bool by_port);
  awaitable<http::Decision> decide(http::RequestHead head, bool by_port);
  http::Passage passage_for(const http::RequestHead& head, const FrontRoute& route,
                            const Connection& connection, SharedSecret token, bool by_port) const;
  bool knows_secret(const http::RequestHead& head) const;

  asio::any_io_executor executor_;
  Services services_;
  ConnectionId connection_;
  FrontRules rules_;
  Asker asker_;
  Secret secret_;
  asio::local::stream_protocol::acceptor local_;
  asio::ip::tcp::acceptor tcp_;
  std::filesystem::path socket_;
  unsigned port_ = 0;
  std::set<std::shared_ptr<http::ByteStream>> clients_;
  Signal client_left_;
  bool agreed_ = false, closed_ = false;
};

}  // namespace forgelink
