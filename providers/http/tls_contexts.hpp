// SPDX-License-Identifier: MIT
// The TLS contexts: one for all servers, and one for each server that requires a client certificate.
//
// Created on first use, since reading the trust store takes time and memory. TLS 1.2 at least. On the loop.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <map>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "base/url.hpp"
#include "providers/http/beast_client.hpp"

namespace forgelink::http {

class TlsContexts {
 public:
  // `tls_untrusted` for a file of the settings that cannot be used.
  Result<std::shared_ptr<asio::ssl::context>> for_origin(const Origin& origin, const ClientOptions& options);

  void clear() { contexts_.clear(); }

 private:
  std::map<std::string, std::shared_ptr<asio::ssl::context>> contexts_;
};

// The server asked for a client certificate in the handshake, and there was none to show.
bool was_asked_for_certificate(SSL* connection);

}  // namespace forgelink::http
