// Connections in words, for a person.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace forgelink::cli {

// "valid until 2027-02-01", "missing: forgelink edit Work"
std::string token_in_words(const boost::json::value& connection);

// All about one connection, a line each; `types` is what type.list says, for what scopes are for.
std::string connection_in_words(const boost::json::value& connection, const boost::json::value& types);

// A name as a word for the shell.
std::string quoted(const std::string& name);

}  // namespace forgelink::cli
