// Connections in words, for a person.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace forgelink::cli {

// "valid until 2027-02-01", "missing: forgelink edit Work"
std::string token_in_words(const boost::json::value& connection);

// All about one connection, a line each.
std::string connection_in_words(const boost::json::value& connection);

// A name as a word for the shell.
std::string quoted(const std::string& name);

}  // namespace forgelink::cli
