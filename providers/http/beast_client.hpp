// SPDX-License-Identifier: MIT
// The http::Client that asks real servers: HTTP/1.1 by Boost.Beast, TLS by OpenSSL.
//
// Verifies names and certificates against the system's trust store and `ca_file`. A transport is kept for 15
// s and used again for the same server, proxy and token only; one that was closed or has spoken unasked is
// not used. Redirects are followed within the same origin only, and only where a request says so.
//
// Used on the event loop only. Destroying it closes all transports; requests under way then fail. Fails with
// forge_unreachable, tls_untrusted, proxy_failed, and forge_error for what is no HTTP or has more than 16 MiB
// (`details.too_large`).
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "providers/http/byte_stream.hpp"
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

  // Takes no longer than `options.timeout`, redirects included.
  awaitable<Result<Reply>> send(Request request) override;

  // A transport of its own to the origin of that address, for what streams.
  awaitable<Result<Upstream>> open(std::string url);

  // Counts from the next request on; transports that are kept are closed.
  void configure(ClientOptions options);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace forgelink::http
