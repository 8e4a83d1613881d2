// SPDX-License-Identifier: MIT
#include "daemon/login_session/session_end.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink {
namespace {

namespace fs = std::filesystem;

class SessionEndTest : public testing::Test, public DaemonFixture {
 protected:
  SessionEndTest() {
    Connection of_session = draft("Session");
    of_session.retention = Retention::session;
    id_ = with_token(std::move(of_session), "ghp_token");
  }
  TokenState state() { return row(id_).token.state; }
  void start(SessionStamp stamp) { run(end_.check_stamp(std::move(stamp))); }
  void see(std::set<std::string> sessions) {
    end_.on_sessions(std::move(sessions));
    settle(std::chrono::milliseconds(1));
  }

  ConnectionId id_;
  SessionEnd end_{loop.executor(), *registry, tokens};
  const SessionStamp first_{
      .boot = "b", .session = "", .runtime_folder = "1:1:1:1.1", .runtime_path = "/run/user/1"};
};

TEST_F(SessionEndTest, ARestartInTheSameSessionKeepsTheTokens) {
  start(first_);
  start(first_);
  EXPECT_EQ(state(), TokenState::valid);
}

TEST_F(SessionEndTest, ANewBootTakesThemAway) {
  start(first_);
  SessionStamp other = first_;
  other.boot = "c";
  start(other);
  EXPECT_EQ(state(), TokenState::missing);
}

TEST_F(SessionEndTest, ANewFolderInTheSamePlaceTakesThemAway) {
  start(first_);
  SessionStamp other = first_;
  other.runtime_folder = "1:1:2:2.2";
  start(other);
  EXPECT_EQ(state(), TokenState::missing);
}

TEST_F(SessionEndTest, FaultF2AForeignRuntimeFolderIsNoEvidence) {
  start(first_);
  SessionStamp other = first_;
  other.runtime_folder = "1:1:2:2.2";
  other.runtime_path = "/tmp/elsewhere";
  start(other);
  EXPECT_EQ(state(), TokenState::valid);
}

TEST_F(SessionEndTest, FaultF2TheStampOfALivingSessionOutlivesAForeignFolder) {
  SessionStamp real = SessionStamp::now();
  real.runtime_path = fs::temp_directory_path().string();
  SessionStamp foreign = real;
  foreign.runtime_path = "/nowhere";
  foreign.runtime_folder = "9:9:9:9.9";
  // A folder that is alive is known by its identity, which `now` reads of the runtime folder.
  EXPECT_TRUE(is_elsewhere(real, foreign));
  EXPECT_FALSE(folder_is_alive(foreign));
  EXPECT_FALSE(is_new_session(real, foreign));
}

TEST_F(SessionEndTest, TheEndOfTheLastSessionTakesThemAway) {
  see({"1"});
  EXPECT_EQ(state(), TokenState::valid);
  see({});
  EXPECT_EQ(state(), TokenState::missing);
}

TEST_F(SessionEndTest, AnotherSessionOfTheSameUserKeepsThem) {
  see({"1"});
  see({"1", "2"});
  see({"2"});
  EXPECT_EQ(state(), TokenState::valid);
}

TEST_F(SessionEndTest, FaultF1AnEndWhileTheDaemonWasAwayIsSeenByTheIdsKept) {
  see({"1"});
  SessionEnd next(loop.executor(), *registry, tokens);
  next.on_sessions({"7"});
  settle(std::chrono::milliseconds(1));
  EXPECT_EQ(state(), TokenState::missing);
}

TEST_F(SessionEndTest, WithoutASessionSeenBeforeNothingIsTaken) {
  see({});
  EXPECT_EQ(state(), TokenState::valid);
}

struct Counted {
  const char *session_class, *state;
  bool counts;
};

class SessionClassTest : public testing::TestWithParam<Counted> {};

TEST_P(SessionClassTest, FaultF1OnlySessionsWithAPersonInThemCount) {
  EXPECT_EQ(counts_as_session(GetParam().session_class, GetParam().state), GetParam().counts);
}

INSTANTIATE_TEST_SUITE_P(
    Classes, SessionClassTest,
    testing::Values(Counted{"user", "active", true}, Counted{"user", "online", true},
                    Counted{"user-early", "active", true}, Counted{"user-light", "active", true},
                    Counted{"user", "closing", false}, Counted{"manager", "active", false},
                    Counted{"manager-early", "active", false}, Counted{"greeter", "active", false},
                    Counted{"lock-screen", "active", false}, Counted{"background", "active", false}));

}  // namespace
}  // namespace forgelink
