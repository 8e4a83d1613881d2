// SPDX-License-Identifier: MIT
// Rotation against a forge by script: a dead token is never sent to rotate again, and a new one is never lost
// without a word.
#include "daemon/tokens/token_renewer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;

constexpr const char* self = "/personal_access_tokens/self";
constexpr const char* rotate = "/personal_access_tokens/self/rotate";
constexpr const char* alive =
    R"({"scopes":["self_rotate"],"created_at":"2026-01-01T00:00:00Z","expires_at":"2026-03-01"})";

class TokenRenewerTest : public testing::Test, public DaemonFixture {
 protected:
  TokenRenewerTest() { id_ = with_token(draft("Lab", "gitlab"), "glpat-old"); }

  void old_one_lives() { http.on(self, 200, alive); }
  void rotation_works() { http.on(rotate, 200, R"({"token":"glpat-new","expires_at":"2027-06-01"})"); }
  void answer_is_lost() {
    http.on(rotate, Error{.code = Errc::forge_unreachable, .message = "The answer was lost."});
  }
  void script_begins_anew() { http = ScriptedHttpClient(); }

  Result<> renew(std::optional<Time> expires_at = {}) { return run(renewer_.renew(id_, expires_at)); }
  std::string usable() {
    Result<SharedSecret> got = run(tokens.usable(id_, Prompt::never));
    return got ? std::string((*got)->reveal()) : std::string(kind(got.error().code));
  }
  std::size_t rotations() const {
    std::size_t count = 0;
    for (const std::string& url : http.urls()) count += url.find(rotate) != std::string::npos ? 1 : 0;
    return count;
  }
  bool is_marked() const { return !registry->metadata("rotation:" + id_.text()).value_or("").empty(); }

  ConnectionId id_;
  TokenRenewer renewer_{*registry, tokens, locks, http, events, settings, clock};
};

TEST_F(TokenRenewerTest, ANewTokenTakesThePlaceOfTheOldOneWithItsOwnEnd) {
  old_one_lives();
  rotation_works();
  ASSERT_THAT(renew(), Succeeds());
  EXPECT_EQ(usable(), "glpat-new");
  EXPECT_EQ(row(id_).token.expires_at, parse_time("2027-06-01T00:00:00Z"));
  EXPECT_EQ(keyring.items.size(), 1u) << "the old one has gone";
  EXPECT_FALSE(is_marked());
  EXPECT_THAT(published, testing::ElementsAre(EventKind::connection_updated, EventKind::token_renewed));
}

TEST_F(TokenRenewerTest, WithoutADayTheNewOneLivesAsLongAsTheOldOneDid) {
  old_one_lives();
  rotation_works();
  ASSERT_THAT(renew(), Succeeds());
  EXPECT_THAT(http.urls(), Contains(HasSubstr("expires_at=2027-01-22")));
}

TEST_F(TokenRenewerTest, WithoutADayTheNewOneLivesAYearAtMost) {
  http.on(self, 200, R"({"scopes":["api"],"created_at":"2020-01-01T00:00:00Z","expires_at":"2026-12-01"})");
  rotation_works();
  ASSERT_THAT(renew(), Succeeds());
  EXPECT_THAT(http.urls(), Contains(HasSubstr("expires_at=2027-11-24")));
}

TEST_F(TokenRenewerTest, ADayThatHasPassedIsRefusedAndNothingIsSent) {
  const Result<> refused = renew(clock.now() - 1h);
  ASSERT_THAT(refused, FailsWith(Errc::invalid_params));
  EXPECT_EQ(refused.error().field, "expires_at");
  EXPECT_TRUE(http.asked.empty());
}

TEST_F(TokenRenewerTest, ADayThatTheForgeDoesNotTakeLeavesTheOldTokenAsGood) {
  old_one_lives();
  http.on(rotate, 400, R"({"message":"expires_at is too far ahead"})");
  const Result<> refused = renew(clock.now() + 24h * 800);
  ASSERT_THAT(refused, FailsWith(Errc::invalid_params));
  EXPECT_EQ(refused.error().field, "expires_at");
  EXPECT_EQ(usable(), "glpat-old");
  EXPECT_FALSE(is_marked());
}

TEST_F(TokenRenewerTest, ATokenThatMayNotRotateIsNotSentToRotate) {
  http.on(self, 200, R"({"scopes":["read_api"]})");
  EXPECT_THAT(renew(), FailsWith(Errc::scope_missing));
  EXPECT_EQ(rotations(), 0u);
}

TEST_F(TokenRenewerTest, NothingIsRotatedUnlessTheNewOneCanBeKept) {
  old_one_lives();
  rotation_works();
  keyring.puts_fail = true;
  EXPECT_THAT(renew(), FailsWith(Errc::keyring_unavailable));
  EXPECT_EQ(rotations(), 0u);
  EXPECT_EQ(usable(), "glpat-old");
}

TEST_F(TokenRenewerTest, ANewTokenThatTheKeyringDoesNotTakeIsHeldAndServes) {
  old_one_lives();
  rotation_works();
  int puts = 0;
  keyring.before_put = [&]() -> awaitable<> {
    // The first one is the trial.
    if (++puts > 1) keyring.now = StoreState::unavailable;
    co_return;
  };
  ASSERT_THAT(renew(), Succeeds());
  EXPECT_EQ(row(id_).token.store, Store::memory);
  EXPECT_EQ(usable(), "glpat-new");
}

TEST_F(TokenRenewerTest, ATokenThatIsPurgedDuringItsRotationDoesNotComeBack) {
  old_one_lives();
  rotation_works();
  int puts = 0;
  keyring.before_put = [&]() -> awaitable<> {
    if (++puts > 1) co_await tokens.purge({id_}, "all", Tokens::IfUnwritable::keep);
  };
  EXPECT_THAT(renew(), FailsWith(Errc::token_missing));
  EXPECT_EQ(usable(), "token_missing");
  EXPECT_TRUE(keyring.items.empty());
  EXPECT_FALSE(is_marked());
}

TEST_F(TokenRenewerTest, ALostAnswerWhoseOldTokenLivesLeavesEverythingAsItWas) {
  old_one_lives();
  answer_is_lost();
  EXPECT_THAT(renew(), FailsWith(Errc::forge_unreachable));
  EXPECT_EQ(usable(), "glpat-old");
  EXPECT_FALSE(is_marked());
  script_begins_anew();
  old_one_lives();
  rotation_works();
  EXPECT_THAT(renew(), Succeeds());
}

TEST_F(TokenRenewerTest, ALostAnswerWhoseOldTokenIsDeadIsToldAndNeverTriedAgain) {
  http.on(self, 200, alive);
  http.on(self, 401, "{}");
  answer_is_lost();
  const Result<> lost = renew();
  ASSERT_THAT(lost, FailsWith(Errc::token_rejected));
  EXPECT_EQ(lost.error().hint, "the new token was lost; make another");
  EXPECT_EQ(row(id_).token.state, TokenState::rejected);
  EXPECT_FALSE(is_marked());
  EXPECT_THAT(renew(), FailsWith(Errc::token_rejected));
  EXPECT_EQ(rotations(), 1u);
}

class Interrupted : public TokenRenewerTest {
 protected:
  // The answer was lost, and nobody could say what became of the old token.
  Interrupted() {
    http.on(self, 200, alive);
    http.on(self, Error{.code = Errc::forge_unreachable, .message = "Away."});
    answer_is_lost();
    EXPECT_THAT(renew(), FailsWith(Errc::forge_unreachable));
    EXPECT_TRUE(is_marked());
    script_begins_anew();
  }
};

TEST_F(Interrupted, TheOldTokenIsAskedAboutBeforeItIsSentToRotateAgain) {
  http.on(self, 401, "{}");
  rotation_works();
  EXPECT_THAT(renew(), FailsWith(Errc::token_rejected));
  EXPECT_EQ(rotations(), 0u);
}

TEST_F(Interrupted, TheNextStartFindsOutThatTheTokenIsDead) {
  http.on(self, 401, "{}");
  run(renewer_.settle_interrupted());
  EXPECT_EQ(row(id_).token.state, TokenState::rejected);
  EXPECT_FALSE(is_marked());
}

TEST_F(Interrupted, TheNextStartFindsOutThatTheTokenLives) {
  old_one_lives();
  run(renewer_.settle_interrupted());
  EXPECT_EQ(usable(), "glpat-old");
  EXPECT_FALSE(is_marked());
}

TEST_F(Interrupted, AStartWithoutANetworkLeavesTheMark) {
  http.on(self, Error{.code = Errc::forge_unreachable, .message = "Away."});
  run(renewer_.settle_interrupted());
  EXPECT_TRUE(is_marked());
  EXPECT_EQ(row(id_).token.state, TokenState::valid);
}

TEST_F(Interrupted, AMarkOfATokenThatWasReplacedCountsNoMore) {
  Connection changed = row(id_);
  ASSERT_THAT(
      run(tokens.put(changed, row(id_), std::make_shared<const Secret>("glpat-other"), Prompt::never)),
      Succeeds());
  run(renewer_.settle_interrupted());
  EXPECT_TRUE(http.asked.empty());
  EXPECT_EQ(usable(), "glpat-other");
}

TEST_F(TokenRenewerTest, RenewalsAtOnceRotateOneAfterTheOther) {
  old_one_lives();
  rotation_works();
  int done = 0;
  const auto client = [](TokenRenewer& renewer, ConnectionId id, int& count) -> awaitable<> {
    Result<> renewed = co_await renewer.renew(id, std::nullopt);
    if (renewed) ++count;
  };
  for (int i = 0; i < 2; ++i) spawn(loop.executor(), client(renewer_, id_, done));
  for (int i = 0; i < 100 && done < 2; ++i) settle(5ms);
  EXPECT_EQ(done, 2);
  std::vector<std::string> sent;
  for (const auto& one : http.asked) {
    if (one.url.find(rotate) != std::string::npos) sent.push_back(one.token);
  }
  EXPECT_THAT(sent, testing::ElementsAre("glpat-old", "glpat-new")) << "the dead one was not sent again";
}

TEST_F(TokenRenewerTest, AForgeThatHasNoRotationNamesItsPage) {
  const ConnectionId other = with_token(draft("Work"), "ghp_token");
  const Result<> refused = run(renewer_.renew(other, std::nullopt));
  ASSERT_THAT(refused, FailsWith(Errc::renew_unsupported));
  EXPECT_THAT(refused.error().url, testing::StartsWith("https://github.com/settings/"));
}

TEST_F(TokenRenewerTest, ThePairOfASignInIsRenewedNowHoweverLongItWouldLast) {
  Connection signed_in = draft("Signed");
  signed_in.sign_in = SignIn::oauth;
  signed_in.token.expires_at = clock.now() + 8h;
  const ConnectionId id = with_token(std::move(signed_in), "old\nrefresh");
  tokens.on_renew([this](ConnectionId, SharedSecret) -> awaitable<Result<TokenPair>> {
    co_return TokenPair{
        .access = Secret("new"), .refresh = Secret("refresh-2"), .expires_at = clock.now() + 8h};
  });
  ASSERT_THAT(run(renewer_.renew(id, std::nullopt)), Succeeds());
  EXPECT_EQ((*run(tokens.usable(id, Prompt::never)))->reveal(), "new");
}

TEST_F(TokenRenewerTest, ASignInWithoutARefreshTokenCannotBeRenewed) {
  Connection signed_in = draft("Signed");
  signed_in.sign_in = SignIn::oauth;
  const ConnectionId id = with_token(std::move(signed_in), "only-access");
  EXPECT_THAT(run(renewer_.renew(id, std::nullopt)), FailsWith(Errc::renew_unsupported));
}

TEST_F(TokenRenewerTest, WithoutATokenThereIsNothingToRenew) {
  run(tokens.purge({id_}, "all", Tokens::IfUnwritable::keep));
  EXPECT_THAT(renew(), FailsWith(Errc::token_missing));
  EXPECT_THAT(run(renewer_.renew(ConnectionId::make(), std::nullopt)), FailsWith(Errc::not_found));
}

}  // namespace
}  // namespace forgelink
