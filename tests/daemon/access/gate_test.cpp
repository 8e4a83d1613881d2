// SPDX-License-Identifier: MIT
#include "daemon/access/gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink {
namespace {

class GateTest : public testing::Test, public DaemonFixture {
 protected:
  GateTest() { id_ = with_token(draft("Work"), "ghp_token"); }

  AccessRequest request(AccessAction action = AccessAction::git) const {
    return {.connection = id_,
            .action = action,
            .asker = {.caller = std::make_shared<const Caller>(Caller{.pid = 7, .executable = "/bin/x"})},
            .path = "o/r"};
  }
  void asks() {
    Connection asking = row(id_);
    asking.access = Access::ask;
    ASSERT_THAT(registry->update(asking), Succeeds());
  }
  // Answers every question as soon as it is asked.
  void answer(Decision decision) {
    events.listen([this, decision](const Event& event) {
      if (event.kind != EventKind::access_asked) return;
      asio::post(loop.executor(), [this, decision, id = std::string(event.detail.at("request").as_string())] {
        if (before_answer_) before_answer_();
        EXPECT_THAT(consent_.answer(id, decision), Succeeds());
      });
    });
  }
  std::vector<AccessEntry> log() {
    const Result<AccessLog::Page> page = run(recorder_.list({}));
    EXPECT_THAT(page, Succeeds());
    return page->entries;
  }
  Result<SharedSecret> token() { return run(gate_.token(request(), Prompt::never)); }

  ConnectionId id_;
  std::function<void()> before_answer_;
  TokenLock lock_{vault, *registry, events};
  Consent consent_{*registry, events, clock, Milliseconds(40)};
  AccessRecorder recorder_{loop.executor(), std::make_shared<AccessLog>(":memory:"), events, settings, clock};
  Gate gate_{*registry, tokens, lock_, consent_, recorder_, settings, clock};
};

TEST_F(GateTest, ATokenThatLeavesIsWrittenDown) {
  ASSERT_THAT(token(), Succeeds());
  ASSERT_EQ(log().size(), 1u);
  EXPECT_EQ(log()[0].outcome, AccessOutcome::given);
  EXPECT_EQ(log()[0].connection_name, "Work");
  EXPECT_EQ(log()[0].host, "github.com") << "the forge's own where none is told";
  EXPECT_EQ(log()[0].path, "o/r");
}

TEST_F(GateTest, WhileItIsLockedNothingLeaves) {
  ASSERT_THAT(lock_.lock(TokenLock::By::person), Succeeds());
  EXPECT_THAT(token(), FailsWith(Errc::locked));
  ASSERT_EQ(log().size(), 1u);
  EXPECT_EQ(log()[0].outcome, AccessOutcome::refused);
}

TEST_F(GateTest, AYesThatComesAfterALockGivesNothing) {
  asks();
  answer(Decision::once);
  before_answer_ = [this] { EXPECT_THAT(lock_.lock(TokenLock::By::person), Succeeds()); };
  EXPECT_THAT(token(), FailsWith(Errc::locked));
}

TEST_F(GateTest, ALockThatComesWhileTheTokenIsReadGivesNothing) {
  vault.wipe_cache();
  keyring.after_get = [this]() -> awaitable<> {
    EXPECT_THAT(lock_.lock(TokenLock::By::person), Succeeds());
    co_return;
  };
  EXPECT_THAT(token(), FailsWith(Errc::locked));
}

TEST_F(GateTest, AConnectionThatAsksGivesItsTokenAfterAYes) {
  asks();
  answer(Decision::once);
  EXPECT_THAT(token(), Succeeds());
}

TEST_F(GateTest, ANoIsWrittenDownAsDenied) {
  asks();
  answer(Decision::deny);
  EXPECT_THAT(token(), FailsWith(Errc::access_denied));
  ASSERT_EQ(log().size(), 1u);
  EXPECT_EQ(log()[0].outcome, AccessOutcome::denied);
}

TEST_F(GateTest, WhatWasAgreedToBeforeIsNotAskedAgain) {
  asks();
  AccessRequest agreed = request(AccessAction::run);
  agreed.agreed = true;
  EXPECT_THAT(run(gate_.token(std::move(agreed), Prompt::never)), Succeeds());
  EXPECT_TRUE(consent_.questions().empty());
}

TEST_F(GateTest, ThePolicyCanWantAQuestionForEveryConnection) {
  Policy policy;
  policy.file = "policy.toml";
  policy.ask = true;
  settings.policy = std::make_shared<const Policy>(policy);
  EXPECT_THAT(token(), FailsWith(Errc::access_denied)) << "nobody answered";
}

TEST_F(GateTest, WhatThePolicyForbidsIsNotEvenAskedAbout) {
  asks();
  Policy policy;
  policy.file = "policy.toml";
  policy.allowed_types = {{"gitlab"}};
  settings.policy = std::make_shared<const Policy>(policy);
  EXPECT_THAT(token(), FailsWith(Errc::policy_forbids));
  EXPECT_THAT(published, testing::Not(testing::Contains(EventKind::access_asked)));
}

TEST_F(GateTest, ForWhatTakesTheTokenByItselfOnlyANoIsWrittenDown) {
  EXPECT_THAT(run(gate_.admit(request(AccessAction::verify))), Succeeds());
  EXPECT_TRUE(log().empty());
  ASSERT_THAT(lock_.lock(TokenLock::By::person), Succeeds());
  EXPECT_THAT(run(gate_.admit(request(AccessAction::verify))), FailsWith(Errc::locked));
  EXPECT_EQ(log().size(), 1u);
}

TEST_F(GateTest, AConnectionThatIsGoneIsNotFound) {
  ASSERT_THAT(registry->remove(id_), Succeeds());
  EXPECT_THAT(token(), FailsWith(Errc::not_found));
}

struct Ending {
  std::optional<Errc> code;
  AccessOutcome outcome;
};

class Outcomes : public testing::TestWithParam<Ending> {};

TEST_P(Outcomes, SayWhetherTheTokenWasSent) {
  std::optional<Error> failure;
  if (GetParam().code) failure = Error{.code = *GetParam().code, .message = "No."};
  EXPECT_EQ(outcome_of(failure), GetParam().outcome);
}

INSTANTIATE_TEST_SUITE_P(All, Outcomes,
                         testing::Values(Ending{{}, AccessOutcome::given},
                                         Ending{Errc::forge_error, AccessOutcome::given},
                                         Ending{Errc::rate_limited, AccessOutcome::given},
                                         Ending{Errc::token_missing, AccessOutcome::refused},
                                         Ending{Errc::token_expired, AccessOutcome::refused},
                                         Ending{Errc::token_rejected, AccessOutcome::refused},
                                         Ending{Errc::keyring_locked, AccessOutcome::refused},
                                         Ending{Errc::keyring_unavailable, AccessOutcome::refused},
                                         Ending{Errc::locked, AccessOutcome::refused},
                                         Ending{Errc::invalid_params, AccessOutcome::refused}));

}  // namespace
}  // namespace forgelink
