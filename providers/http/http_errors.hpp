// SPDX-License-Identifier: MIT
// Translates the errors of Boost and OpenSSL into Errors with messages for people.
#pragma once

#include <boost/system/error_code.hpp>

#include "base/error.hpp"
#include "base/url.hpp"
#include "providers/http/proxy.hpp"

namespace forgelink::http {

Error error_of(Errc code, std::string message, std::string hint = {});

// Of Asio, TLS or Beast while asking `origin`: forge_unreachable, forge_error or tls_untrusted.
Error translated(const boost::system::error_code& error, const Origin& origin);

Error no_certificate(const Origin& origin);  // tls_untrusted: the server wanted one of ours
Error wants_password(const Proxy& proxy);    // proxy_failed

}  // namespace forgelink::http
