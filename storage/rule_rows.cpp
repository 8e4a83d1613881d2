// SPDX-License-Identifier: MIT
#include "storage/rule_rows.hpp"

#include <stdexcept>

namespace forgelink {
namespace {

std::optional<std::string> optional_text(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional(column.getString());
}

void bind_optional(SQLite::Statement& statement, int at, const std::optional<std::string>& value) {
  if (value) {
    statement.bind(at, *value);
  } else {
    statement.bind(at);
  }
}

}  // namespace

std::vector<Rule> read_rules(const SQLite::Database& database) {
  std::vector<Rule> rules;
  SQLite::Statement rows(database,
                         "SELECT id, connection, url, directory, created_at FROM rules ORDER BY rowid");
  while (rows.executeStep()) {
    const auto id = RuleId::parse(rows.getColumn(0).getString());
    const auto connection = ConnectionId::parse(rows.getColumn(1).getString());
    if (!id || !connection) throw std::runtime_error("the registry holds an id that is none");
    rules.push_back({.id = *id,
                     .connection = *connection,
                     .url = optional_text(rows.getColumn(2)),
                     .directory = optional_text(rows.getColumn(3)),
                     .created_at = Time(std::chrono::seconds(rows.getColumn(4).getInt64()))});
  }
  return rules;
}

void insert_rule(SQLite::Database& database, const Rule& rule) {
  SQLite::Statement insert(
      database, "INSERT INTO rules (id, connection, url, directory, created_at) VALUES (?, ?, ?, ?, ?)");
  insert.bind(1, rule.id.text());
  insert.bind(2, rule.connection.text());
  bind_optional(insert, 3, rule.url);
  bind_optional(insert, 4, rule.directory);
  insert.bind(5, static_cast<std::int64_t>(rule.created_at.time_since_epoch().count()));
  insert.exec();
}

void delete_rule(SQLite::Database& database, RuleId id) {
  SQLite::Statement remove(database, "DELETE FROM rules WHERE id = ?");
  remove.bind(1, id.text());
  remove.exec();
}

}  // namespace forgelink
