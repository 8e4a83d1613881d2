// SPDX-License-Identifier: MIT
// Connections in words, for a person.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "base/shell_word.hpp"

namespace forgelink::cli {

// "valid until 2027-02-01", "missing: forgelink edit Work"
std::string token_in_words(const boost::json::value& connection);

// All about one connection, a line each; `types` is what type.list says, for what scopes are for.
std::string connection_in_words(const boost::json::value& connection, const boost::json::value& types);

}  // namespace forgelink::cli
