// SPDX-License-Identifier: MIT
// The lines of HTTP/1.1 messages that the relay writes (RFC 9112), and what it decides by a header. Plain
// functions of their arguments; any thread.
#pragma once

#include <string>
#include <string_view>

#include "providers/http/http.hpp"

namespace forgelink::http {

// A chunk of the chunked transfer coding (RFC 9112 section 7.1).
std::string chunk_of(std::string_view bytes);

// Does the header belong to one connection alone (RFC 9110 section 7.6.1), or is it written anew by the
// relay? `connection` is the message's Connection header.
bool is_hop_by_hop(std::string_view name, std::string_view connection);

// May a body of that media type be searched for the token?
bool is_text(std::string_view type);

// The header that carries the token, with its line end; "" for none. Wipe it after use.
std::string authorization_line(const Authorization& authorization);

// Path and query of a URL, at least "/".
std::string target_of_url(std::string_view url);

// The reason phrase of a status.
std::string_view reason_of(unsigned status);

}  // namespace forgelink::http
