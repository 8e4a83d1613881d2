// SPDX-License-Identifier: MIT
// Rules to and from their table in SQLite. Throws SQLite::Exception.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <vector>

#include "storage/rule.hpp"

namespace forgelink {

// In the order of their making.
std::vector<Rule> read_rules(const SQLite::Database& database);
void insert_rule(SQLite::Database& database, const Rule& rule);
void delete_rule(SQLite::Database& database, RuleId id);

}  // namespace forgelink
