// SPDX-License-Identifier: MIT
// Parses the answer of a token endpoint. The JSON holds tokens, so it is kept in locked memory and wiped.
// Plain functions; on the event loop.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <string_view>

#include "base/secret.hpp"
#include "providers/http/http.hpp"

namespace forgelink {

// The answer as an object; nothing for what is neither a JSON object nor a form.
// REQUIRES: the request asked for a `secret_reply`.
std::optional<boost::json::value> oauth_object(const http::Reply& reply);

// A member that is a text and not empty.
std::optional<Secret> secret_member(const boost::json::value& object, std::string_view name);

// A positive number of seconds, as a number or a text.
std::optional<std::chrono::seconds> seconds_member(const boost::json::value& object, std::string_view name);

}  // namespace forgelink
