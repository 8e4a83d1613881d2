// SPDX-License-Identifier: MIT
// The http::Client that really asks: HTTP/1.1 by Boost.Beast, TLS by OpenSSL.
//
// Verifies names and certificates against the system's trust store and `ca_file`. Connections are kept for a
// few seconds and used again. Redirects are followed within the same origin only, and only where a request
// says so. On the loop; destroying it closes everything.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "providers/http/http.hpp"

namespace forgelink::http {

struct ClientOptions {
  std::string proxy;    // "" = the environment decides
  std::string ca_file;  // beside the system's trust store
  std::chrono::milliseconds timeout{30'000};
  std::string user_agent = "forgelink";
  struct Certificate {
    std::string origin, certificate_file, key_file;
  };
  std::vector<Certificate> certificates;  // for servers that want one from us
};

class BeastClient : public Client {
 public:
  BeastClient(asio::any_io_executor executor, ClientOptions options);
  ~BeastClient() override;

  awaitable<Result<Reply>> send(Request request) override;

  // From the next request on; connections that are open are closed.
  void configure(ClientOptions options);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace forgelink::http
