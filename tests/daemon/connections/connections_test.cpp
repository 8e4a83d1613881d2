// SPDX-License-Identifier: MIT
// The use cases on fakes: GitHub's answers from a script, a keyring that does as it is told.
#include "daemon/connections/connections.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink {
namespace {

using testing::Contains;
using Headers = std::map<std::string, std::string, std::less<>>;

class ConnectionsTest : public testing::Test, public DaemonFixture {
 protected:
  void forge_says(const std::string& login, int id = 1, Headers headers = {}) {
    headers.try_emplace("x-oauth-scopes", "repo, workflow, read:user, user:email");
    headers.try_emplace("x-github-request-id", "1");
    http.on("/user", 200, R"({"login":")" + login + R"(","id":)" + std::to_string(id) + "}", headers);
  }
  Result<ConnectionId> add(const std::string& name, std::string_view token, bool verify = true) {
    NewConnection wanted;
    wanted.draft.name = name;
    wanted.draft.type = "github";
    wanted.token = Secret(token);
    wanted.verify = verify;
    return run(connections.add(std::move(wanted)));
  }
  Result<> update(ConnectionId id, std::string_view token, bool verify, bool accept = false) {
    ConnectionChanges changes;
    changes.token = Secret(token);
    changes.verify = verify;
    changes.accept_account_change = accept;
    return run(connections.update(id, std::move(changes)));
  }
  const std::string good_ = "ghp_" + std::string(36, 'a');
  const std::string other_ = "ghp_" + std::string(36, 'b');
};

TEST_F(ConnectionsTest, AVerifiedTokenIsSavedAsValid) {
  forge_says("mona");
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  EXPECT_EQ(row(*id).token.state, TokenState::valid);
  EXPECT_EQ(row(*id).account->login, "mona");
  EXPECT_THAT(published, testing::ElementsAre(EventKind::connection_added, EventKind::token_verified));
}

TEST_F(ConnectionsTest, ANameIsTakenOnce) {
  forge_says("mona");
  ASSERT_THAT(add("Work", good_), Succeeds());
  EXPECT_THAT(add("work", good_), FailsWith(Errc::name_taken));
}

TEST_F(ConnectionsTest, NothingIsSavedIfTheKeyringTakesNothing) {
  forge_says("mona");
  keyring.now = StoreState::unavailable;
  EXPECT_THAT(add("Work", good_), FailsWith(Errc::keyring_unavailable));
  EXPECT_EQ(registry->size(), 0u);
}

class PastDateTest : public ConnectionsTest, public testing::WithParamInterface<std::string> {};

TEST_P(PastDateTest, FaultA1ADateDoesNotOverruleTheForgesOwnYes) {
  forge_says("mona", 1, {{"github-authentication-token-expiration", GetParam()}});
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  EXPECT_EQ(state_of(row(*id), clock.now()), TokenState::valid);
  EXPECT_THAT(run(tokens.usable(*id, Prompt::never)), Succeeds());
  EXPECT_THAT(run(connections.verify(*id, Prompt::never)), Succeeds());
  EXPECT_EQ(state_of(row(*id), clock.now()), TokenState::valid);
}

INSTANTIATE_TEST_SUITE_P(Dates, PastDateTest,
                         testing::Values("2026-11-24 12:00:00 UTC", "2026-11-23 00:00:00 UTC",
                                         "2001-01-01 00:00:00 UTC"));

TEST_F(ConnectionsTest, FaultA1APastDateOfTheForgeDoesNotOverwriteATypedOne) {
  forge_says("mona", 1, {{"github-authentication-token-expiration", "2026-11-23 00:00:00 UTC"}});
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  const Time typed = clock.now() + std::chrono::hours(48);
  ConnectionChanges changes;
  changes.expires_at = {.given = true, .value = typed};
  changes.verify = true;
  ASSERT_THAT(run(connections.update(*id, std::move(changes))), Succeeds());
  EXPECT_EQ(row(*id).token.expires_at, typed);
}

TEST_F(ConnectionsTest, FaultA1ALaterRefusalDecides) {
  forge_says("mona", 1, {{"github-authentication-token-expiration", "2026-11-23 00:00:00 UTC"}});
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  tokens.refused(*id, *row(*id).token.item);
  EXPECT_EQ(state_of(row(*id), clock.now()), TokenState::rejected);
}

TEST_F(ConnectionsTest, FaultA6AnotherAccountIsSeenAtUpdate) {
  forge_says("mona", 1);
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  http = ScriptedHttpClient();
  forge_says("hubot", 2);
  EXPECT_THAT(update(*id, other_, true), FailsWith(Errc::account_changed));
  EXPECT_EQ(row(*id).account->login, "mona");
}

TEST_F(ConnectionsTest, FaultA6AnotherAccountIsSeenAtTheFirstVerification) {
  forge_says("mona", 1);
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  ASSERT_THAT(update(*id, other_, false), Succeeds());
  http = ScriptedHttpClient();
  forge_says("hubot", 2);
  EXPECT_THAT(run(connections.verify(*id, Prompt::never)), FailsWith(Errc::account_changed));
  EXPECT_EQ(row(*id).account->login, "mona");
  EXPECT_EQ(row(*id).token.state, TokenState::unverified);
}

TEST_F(ConnectionsTest, FaultA6WithAYesTheAccountChangesAtTheFirstVerification) {
  forge_says("mona", 1);
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  ASSERT_THAT(update(*id, other_, false, true), Succeeds());
  http = ScriptedHttpClient();
  forge_says("hubot", 2);
  EXPECT_THAT(run(connections.verify(*id, Prompt::never)), Succeeds());
  EXPECT_EQ(row(*id).account->login, "hubot");
}

TEST_F(ConnectionsTest, FaultA6AnAdoptedTokenOfAnotherAccountIsSeenAtTheFirstVerification) {
  forge_says("mona", 1);
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  http = ScriptedHttpClient();
  http.on("/user", Error{.code = Errc::forge_unreachable, .message = "away"});
  ASSERT_THAT(run(connections.adopt(*id, Secret(other_))), Succeeds());
  http = ScriptedHttpClient();
  forge_says("hubot", 2);
  EXPECT_THAT(run(connections.verify(*id, Prompt::never)), FailsWith(Errc::account_changed));
  EXPECT_EQ(row(*id).account->login, "mona");
}

TEST_F(ConnectionsTest, FaultA4AnUpdateDoesNotBringBackAPurgedToken) {
  forge_says("mona");
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  keyring.before_put = [this, id]() -> awaitable<> {
    co_await tokens.purge({*id}, "all", Tokens::IfUnwritable::keep);
  };
  ConnectionChanges changes;
  changes.retention = Retention::session;
  EXPECT_THAT(run(connections.update(*id, std::move(changes))), FailsWith(Errc::token_missing));
  EXPECT_EQ(row(*id).token.state, TokenState::missing);
}

TEST_F(ConnectionsTest, FaultA4ASignInDoesNotUndoAPurge) {
  forge_says("mona");
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  keyring.before_put = [this, id]() -> awaitable<> {
    co_await tokens.purge({*id}, "all", Tokens::IfUnwritable::keep);
  };
  auto pair = std::make_shared<const TokenPair>(
      TokenPair{.access = Secret("gho_access"), .refresh = Secret("ghr_refresh")});
  EXPECT_THAT(run(connections.sign_in(row(*id), std::move(pair), {.is_new = false}, nullptr)),
              FailsWith(Errc::token_missing));
  EXPECT_EQ(row(*id).token.state, TokenState::missing);
}

TEST_F(ConnectionsTest, APairWhoseAccountTheForgeDoesNotTellIsKeptUnverified) {
  auto pair =
      std::make_shared<const TokenPair>(TokenPair{.access = Secret("gho_access"), .scopes = {"repo"}});
  Connection wanted = draft("Work");
  wanted.sign_in = SignIn::oauth;
  const Result<ConnectionId> id =
      run(connections.sign_in(std::move(wanted), std::move(pair), {.ask_account = false}, nullptr));
  ASSERT_THAT(id, Succeeds());
  EXPECT_EQ(row(*id).token.state, TokenState::unverified);
  EXPECT_FALSE(row(*id).account);
  EXPECT_EQ(row(*id).token.scopes, std::vector<std::string>{"repo"});
  EXPECT_TRUE(row(*id).hint);
}

TEST_F(ConnectionsTest, APairThatNobodyOwnsYetMayStillBeAnothersWhenItIsVerified) {
  const Result<ConnectionId> id = add("Work", good_, false);
  ASSERT_THAT(id, Succeeds());
  Connection monas = row(*id);
  monas.account = Account{.id = "1", .login = "mona"};
  ASSERT_THAT(registry->update(monas), Succeeds());
  auto pair = std::make_shared<const TokenPair>(TokenPair{.access = Secret("gho_access")});
  const Result<ConnectionId> saved =
      run(connections.sign_in(row(*id), std::move(pair), {.is_new = false, .ask_account = false}, nullptr));
  ASSERT_THAT(saved, Succeeds());
  forge_says("octo-dev", 2);
  EXPECT_THAT(run(connections.verify(*id, Prompt::never)), FailsWith(Errc::account_changed));
}

TEST_F(ConnectionsTest, FaultA2ASignInWhosePairTheKeyringDoesNotTakeIsHeldInMemory) {
  forge_says("mona");
  keyring.now = StoreState::unavailable;
  auto pair = std::make_shared<const TokenPair>(
      TokenPair{.access = Secret("gho_access"), .refresh = Secret("ghr_refresh")});
  Connection wanted = draft("Work");
  wanted.sign_in = SignIn::oauth;
  const Result<ConnectionId> id = run(connections.sign_in(std::move(wanted), std::move(pair), {}, nullptr));
  ASSERT_THAT(id, Succeeds());
  EXPECT_EQ(row(*id).token.store, Store::memory);
  keyring.now = StoreState::available;
  tokens.store_changed();
  settle();
  EXPECT_EQ(row(*id).token.store, Store::secret_service);
}

TEST_F(ConnectionsTest, FaultG4AnExceptionInAVerificationLeavesNobodyWaiting) {
  forge_says("mona");
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  vault.wipe_cache();
  keyring.after_get = []() -> awaitable<> {
    throw std::runtime_error("a bug");
    co_return;
  };
  EXPECT_THROW(run(connections.verify(*id, Prompt::never)), std::runtime_error);
  keyring.after_get = nullptr;
  EXPECT_THAT(run(connections.verify(*id, Prompt::never)), Succeeds());
}

TEST_F(ConnectionsTest, VerificationsAtOnceAskTheForgeOnce) {
  forge_says("mona");
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  const std::size_t before = http.asked.size();
  vault.wipe_cache();
  keyring.after_get = []() -> awaitable<> { co_await sleep_for(std::chrono::milliseconds(5)); };
  int verified = 0;
  const auto client = [](Connections& from, ConnectionId which, int& count) -> awaitable<> {
    Result<> done = co_await from.verify(which, Prompt::never);
    if (done) ++count;
  };
  for (int i = 0; i < 10; ++i) spawn(loop.executor(), client(connections, *id, verified));
  settle(std::chrono::milliseconds(50));
  EXPECT_EQ(verified, 10);
  const std::size_t one_verification = before;
  EXPECT_EQ(http.asked.size(), before + one_verification);
}

TEST_F(ConnectionsTest, ARemovedConnectionTakesItsTokenAlong) {
  forge_says("mona");
  const Result<ConnectionId> id = add("Work", good_);
  ASSERT_THAT(id, Succeeds());
  EXPECT_THAT(run(connections.remove(*id)), Succeeds());
  EXPECT_TRUE(keyring.items.empty());
  EXPECT_THAT(published, Contains(EventKind::connection_removed));
  EXPECT_THAT(run(connections.remove(*id)), FailsWith(Errc::not_found));
}

TEST_F(ConnectionsTest, AConnectionIsFoundByIdAndByName) {
  const Connection work = draft("Work");
  ASSERT_THAT(registry->insert(work), Succeeds());
  EXPECT_EQ(*connections.find("work"), work.id);
  EXPECT_EQ(*connections.find(work.id.text()), work.id);
  EXPECT_EQ(connections.name_of(std::string_view("WORK")), "Work");
  EXPECT_THAT(connections.find("other"), FailsWith(Errc::not_found));
}

}  // namespace
}  // namespace forgelink
