// SPDX-License-Identifier: MIT
// A connection to and from its row in SQLite.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "storage/connection.hpp"

namespace forgelink {

// The columns in the order in which `bind_row` and `read_row` take them, and as many question marks.
extern const char* const connection_columns;
extern const char* const connection_marks;

void bind_row(SQLite::Statement& statement, const Connection& connection, const std::string& key);
// Into a connection with nothing in it. Throws std::runtime_error for what no version of ours wrote.
void read_row(SQLite::Statement& row, Connection& connection);

}  // namespace forgelink
