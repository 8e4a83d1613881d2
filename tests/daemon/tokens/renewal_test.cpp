// SPDX-License-Identifier: MIT
#include "daemon/tokens/renewal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;

class RenewalTest : public testing::Test, public DaemonFixture {
 protected:
  RenewalTest() {
    Connection signed_in = draft("Work");
    signed_in.sign_in = SignIn::oauth;
    signed_in.token.expires_at = clock.now() + 1min;
    id_ = with_token(std::move(signed_in), "old\nrefresh-1");
    tokens.on_renew([this](ConnectionId, SharedSecret refresh) { return renew(std::move(refresh)); });
  }

  awaitable<Result<TokenPair>> renew(SharedSecret refresh) {
    ++asked_;
    EXPECT_EQ(refresh->reveal(), expected_refresh_);
    if (meanwhile_) co_await meanwhile_();
    if (refusal_) co_return *refusal_;
    TokenPair pair{.access = Secret("new"), .refresh = Secret("refresh-2"), .expires_at = clock.now() + 8h};
    co_return pair;
  }

  std::string usable() {
    Result<SharedSecret> got = run(tokens.usable(id_, Prompt::never));
    return got ? std::string((*got)->reveal()) : std::string(kind(got.error().code));
  }

  ConnectionId id_;
  int asked_ = 0;
  std::string expected_refresh_ = "refresh-1";
  std::optional<Error> refusal_;
  std::function<awaitable<>()> meanwhile_;
};

TEST_F(RenewalTest, ATokenNearItsEndIsRenewedAndStored) {
  EXPECT_EQ(usable(), "new");
  EXPECT_EQ(usable(), "new");
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(keyring.items.at(*row(id_).token.item).secret.reveal(), "new\nrefresh-2");
}

TEST_F(RenewalTest, AClockThatWasSetBackHandsOutNoDeadToken) {
  Connection row_now = row(id_);
  row_now.token.expires_at = clock.now() + 25h;
  row_now.token.stored_at = clock.now() + 24h;
  ASSERT_THAT(registry->update(row_now), Succeeds());
  EXPECT_EQ(usable(), "new");
  EXPECT_EQ(usable(), "new");
  EXPECT_EQ(asked_, 1);
}

TEST_F(RenewalTest, AClockThatJumpsADayAheadCausesOneRenewal) {
  clock.advance(24h);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(usable(), "new");
  EXPECT_EQ(asked_, 1);
}

TEST_F(RenewalTest, ATokenThatIsGoodForAWhileIsNotRenewed) {
  Connection fresh = row(id_);
  fresh.token.expires_at = clock.now() + 8h;
  ASSERT_THAT(registry->update(fresh), Succeeds());
  EXPECT_EQ(usable(), "old");
  EXPECT_EQ(asked_, 0);
}

TEST_F(RenewalTest, FaultA2NothingIsAskedWhileTheKeyringTakesNoWrite) {
  keyring.puts_fail = true;
  EXPECT_EQ(usable(), "old") << "what is left of it serves";
  EXPECT_EQ(usable(), "old");
  EXPECT_EQ(asked_, 0);
  clock.advance(2min);
  EXPECT_EQ(usable(), "keyring_unavailable");
  EXPECT_EQ(row(id_).token.state, TokenState::valid);
}

TEST_F(RenewalTest, FaultA2APairThatTheKeyringDoesNotTakeServesFromMemoryAndIsWrittenLater) {
  meanwhile_ = [this]() -> awaitable<> {
    keyring.now = StoreState::locked;
    co_return;
  };
  EXPECT_EQ(usable(), "new");
  EXPECT_EQ(usable(), "new");
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(row(id_).token.store, Store::memory);
  keyring.now = StoreState::available;
  tokens.store_changed();
  settle();
  EXPECT_EQ(row(id_).token.store, Store::secret_service);
  EXPECT_EQ(keyring.items.at(*row(id_).token.item).secret.reveal(), "new\nrefresh-2");
}

TEST_F(RenewalTest, FaultA4ATokenThatIsPurgedDuringItsRenewalDoesNotComeBack) {
  meanwhile_ = [this]() -> awaitable<> { co_await tokens.purge({id_}, "all", Tokens::IfUnwritable::keep); };
  EXPECT_EQ(usable(), "token_missing");
  EXPECT_EQ(row(id_).token.state, TokenState::missing);
  settle();
  EXPECT_TRUE(keyring.items.empty());
}

TEST_F(RenewalTest, FaultA8OneRefusalIsTheAnswerForAllWhoWait) {
  refusal_ = Error{.code = Errc::token_rejected, .message = "bad_refresh_token"};
  meanwhile_ = []() -> awaitable<> { co_await sleep_for(5ms); };
  std::vector<std::string> answers;
  const auto client = [](Tokens& from, ConnectionId id, std::vector<std::string>& into) -> awaitable<> {
    Result<SharedSecret> got = co_await from.usable(id, Prompt::never);
    into.emplace_back(got ? "a token" : std::string(kind(got.error().code)));
  };
  for (int i = 0; i < 50; ++i) spawn(loop.executor(), client(tokens, id_, answers));
  settle(50ms);
  EXPECT_EQ(asked_, 1);
  EXPECT_THAT(answers, testing::SizeIs(50));
  EXPECT_THAT(answers, testing::Each("token_rejected"));
  EXPECT_EQ(usable(), "token_rejected");
  EXPECT_EQ(asked_, 1);
}

TEST_F(RenewalTest, FaultA8OnePassingFailureIsSharedToo) {
  clock.advance(2min);
  refusal_ = Error{.code = Errc::forge_unreachable, .message = "no answer"};
  meanwhile_ = []() -> awaitable<> { co_await sleep_for(5ms); };
  std::vector<std::string> answers;
  const auto client = [](Tokens& from, ConnectionId id, std::vector<std::string>& into) -> awaitable<> {
    Result<SharedSecret> got = co_await from.usable(id, Prompt::never);
    into.emplace_back(got ? "a token" : std::string(kind(got.error().code)));
  };
  for (int i = 0; i < 50; ++i) spawn(loop.executor(), client(tokens, id_, answers));
  settle(50ms);
  EXPECT_EQ(asked_, 1);
  EXPECT_THAT(answers, testing::SizeIs(50));
  EXPECT_THAT(answers, testing::Each("forge_unreachable"));
}

TEST_F(RenewalTest, FaultA7RetryAfterIsObeyed) {
  refusal_ = Error{.code = Errc::rate_limited, .message = "slow down", .retry_after = 8s};
  EXPECT_EQ(usable(), "old");
  EXPECT_EQ(usable(), "old");
  EXPECT_EQ(asked_, 1);
}

TEST_F(RenewalTest, AnExceptionInARenewalLeavesNobodyWaiting) {
  tokens.on_renew([](ConnectionId, SharedSecret) -> awaitable<Result<TokenPair>> {
    co_await sleep_for(5ms);  // the second client comes meanwhile
    throw std::runtime_error("a bug");
    co_return Error{};
  });
  std::string answer;
  const auto first = [](Tokens& from, ConnectionId id) -> awaitable<> {
    try {
      co_await from.usable(id, Prompt::never);
    } catch (const std::runtime_error&) {
    }
  };
  const auto second = [](Tokens& from, ConnectionId id, std::string& into) -> awaitable<> {
    Result<SharedSecret> got = co_await from.usable(id, Prompt::never);
    into = got ? "a token" : std::string(kind(got.error().code));
  };
  spawn(loop.executor(), first(tokens, id_));
  spawn(loop.executor(), second(tokens, id_, answer));
  settle();
  EXPECT_FALSE(answer.empty());
}

TEST_F(RenewalTest, APairThatTheRegistryDoesNotTakeIsHeldAndServes) {
  tokens.renewal().restore(id_, {.stored = std::make_shared<const Secret>("held\nrefresh-3"),
                                 .expires_at = clock.now() + 8h,
                                 .replaces = *row(id_).token.item});
  EXPECT_EQ(usable(), "held");
  EXPECT_EQ(asked_, 0);
  settle(1100ms);
  EXPECT_TRUE(tokens.renewal().all_held().empty());
  EXPECT_EQ(keyring.items.at(*row(id_).token.item).secret.reveal(), "held\nrefresh-3");
}

TEST_F(RenewalTest, AHeldPairGoesWithAPurge) {
  tokens.renewal().restore(id_, {.stored = std::make_shared<const Secret>("held\nrefresh-3"),
                                 .expires_at = clock.now() + 8h,
                                 .replaces = *row(id_).token.item});
  run(tokens.purge({id_}, "all", Tokens::IfUnwritable::keep));
  EXPECT_TRUE(tokens.renewal().all_held().empty());
  EXPECT_EQ(usable(), "token_missing");
}

class WithoutRefreshToken : public testing::Test, public DaemonFixture {
 protected:
  WithoutRefreshToken() {
    Connection signed_in = draft("Work");
    signed_in.sign_in = SignIn::oauth;
    signed_in.token.expires_at = clock.now() + 1min;
    id_ = with_token(std::move(signed_in), "only-access");
    tokens.on_renew([this](ConnectionId, SharedSecret) -> awaitable<Result<TokenPair>> {
      ++asked_;
      co_return Error{.code = Errc::token_rejected, .message = "It was empty."};
    });
  }
  ConnectionId id_;
  int asked_ = 0;
};

TEST_F(WithoutRefreshToken, AnAccessTokenServesToItsEnd) {
  EXPECT_THAT(run(tokens.usable(id_, Prompt::never)), Succeeds());
  clock.advance(2min);
  EXPECT_THAT(run(tokens.usable(id_, Prompt::never)), FailsWith(Errc::token_expired));
  EXPECT_EQ(asked_, 0);
}

}  // namespace
}  // namespace forgelink
