// SPDX-License-Identifier: MIT
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

TEST(Migrations, AConnectionOfTheFirstSchemaIsKeptAndSaysOauthForGithub) {
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
  database.exec("PRAGMA foreign_keys = ON");
  migrate(database, migrations().first(1));
  database.exec(R"sql(
    INSERT INTO connections (id, name, name_key, type, sign_in, retention, allow_http, token_state, token_store,
      token_item, token_expiry_typed, token_missing_scopes, token_excess_scopes, token_notices, repositories_used,
      created_at, updated_at)
    VALUES ('c1', 'Work', 'work', 'github', 'github', 'keep', 0, 'valid', 'secret-service',
      'i1', 0, '[]', '[]', '[]', 1, 1, 1);
    INSERT INTO repository_uses VALUES ('c1', 'octo-dev/hello');
    INSERT INTO oauth_apps VALUES ('github', 'Iv1', 'none', NULL);
    INSERT INTO facts VALUES ('registry', 'r1');
  )sql");
  migrate(database, migrations());
  EXPECT_EQ(database.execAndGet("SELECT sign_in || token_item FROM connections").getString(), "oauthi1");
  EXPECT_EQ(database.execAndGet("SELECT repository FROM repository_uses").getString(), "octo-dev/hello");
  EXPECT_EQ(database.execAndGet("SELECT type || server_url || client_id FROM oauth_apps").getString(),
            "githubIv1");
  EXPECT_EQ(database.execAndGet("SELECT value FROM metadata").getString(), "r1");
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
  const Migration steps[] = {{.why = "good", .sql = "CREATE TABLE t (a INTEGER);"},
                             {.why = "bad", .sql = "CREATE TABLE t (a INTEGER);"}};
  EXPECT_THROW(migrate(database, steps), SQLite::Exception);
  EXPECT_EQ(schema_version(database), 0);
  EXPECT_FALSE(database.tableExists("t"));
}

}  // namespace
}  // namespace forgelink
