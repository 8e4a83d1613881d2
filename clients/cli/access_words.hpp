// SPDX-License-Identifier: MIT
// Uses of connections in words, for a person.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace forgelink::cli {

// The cells of one use: when, connection, program, what for, where, what came of it.
std::vector<std::string> use_cells(const boost::json::value& entry);

// The same on one line.
std::string use_in_words(const boost::json::value& entry);

}  // namespace forgelink::cli
