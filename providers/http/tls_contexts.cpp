// SPDX-License-Identifier: MIT
#include "providers/http/tls_contexts.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

namespace forgelink::http {
namespace {

namespace ssl = asio::ssl;

// Where a connection notes that it was asked (SSL_get_ex_data(3)); Asio has the place called app data.
int place_of_note() {
  static const int place = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return place;
}

// Called when a server asks and the context has no certificate (SSL_CTX_set_client_cert_cb(3)).
int note_request(SSL* connection, X509**, EVP_PKEY**) {
  // Its address is the note; the value means nothing.
  static int asked = 0;
  SSL_set_ex_data(connection, place_of_note(), &asked);
  return 0;  // go on without one
}

Error unusable(std::string message) { return {.code = Errc::tls_untrusted, .message = std::move(message)}; }

}  // namespace

Result<std::shared_ptr<ssl::context>> TlsContexts::for_origin(const Origin& origin,
                                                              const ClientOptions& options) {
  const ClientOptions::Certificate* own = nullptr;
  for (const auto& certificate : options.certificates) {
    if (certificate.origin == origin.text()) own = &certificate;
  }
  std::shared_ptr<ssl::context>& context = contexts_[own != nullptr ? own->origin : ""];
  if (context) return context;

  auto fresh = std::make_shared<ssl::context>(ssl::context::tls_client);
  boost::system::error_code error;
  SSL_CTX_set_min_proto_version(fresh->native_handle(), TLS1_2_VERSION);
  // Small buffers, given back between two requests.
  SSL_CTX_set_mode(fresh->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_client_cert_cb(fresh->native_handle(), note_request);
  fresh->set_default_verify_paths(error);
  if (!options.ca_file.empty()) {
    fresh->load_verify_file(options.ca_file, error);
    if (error)
      return unusable(fmt::format("The file of trusted authorities, {}, cannot be read: {}.", options.ca_file,
                                  error.message()));
  }
  if (own != nullptr) {
    fresh->use_certificate_chain_file(own->certificate_file, error);
    if (!error) fresh->use_private_key_file(own->key_file, ssl::context::pem, error);
    if (error)
      return unusable(
          fmt::format("The certificate for {} cannot be used: {}.", own->origin, error.message()));
  }
  context = std::move(fresh);
  return context;
}

bool was_asked_for_certificate(SSL* connection) {
  return SSL_get_ex_data(connection, place_of_note()) != nullptr;
}

}  // namespace forgelink::http
