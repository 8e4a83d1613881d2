#include "storage/migrations.hpp"

#include <gtest/gtest.h>

namespace forgelink {
namespace {

TEST(Migrations, AFreshDatabaseGetsAllStepsOnce) {
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
  migrate(database, migrations());
  EXPECT_EQ(schema_version(database), static_cast<int>(migrations().size()));
  EXPECT_TRUE(database.tableExists("connections"));
  migrate(database, migrations());
}

// How the next one will be tested: start from the version before, with rows in it.
TEST(Migrations, AStepRunsOnWhatTheOnesBeforeLeft) {
  const Migration one{.why = "first", .sql = "CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1);"};
  const Migration two{.why = "second", .sql = "ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT 7;"};
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
  const Migration before[] = {one}, after[] = {one, two};
  migrate(database, before);
  migrate(database, after);
  EXPECT_EQ(schema_version(database), 2);
  EXPECT_EQ(database.execAndGet("SELECT a * 10 + b FROM t").getInt(), 17);
}

TEST(Migrations, AStepThatFailsLeavesEverythingAsItWas) {
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
  const Migration steps[] = {{.why = "good", .sql = "CREATE TABLE t (a INTEGER);"}, {.why = "bad", .sql = "CREATE TABLE t (a INTEGER);"}};
  EXPECT_THROW(migrate(database, steps), SQLite::Exception);
  EXPECT_EQ(schema_version(database), 0);
  EXPECT_FALSE(database.tableExists("t"));
}

}  // namespace
}  // namespace forgelink
