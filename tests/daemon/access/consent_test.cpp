// SPDX-License-Identifier: MIT
#include "daemon/access/consent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/manual_clock.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

constexpr Milliseconds soon{60};

class ConsentTest : public testing::Test {
 protected:
  ConsentTest() {
    Connection connection{.id = id, .name = "Work", .type = "github", .access = Access::ask};
    EXPECT_THAT(registry->insert(connection), Succeeds());
    events.listen([this](const Event& event) {
      seen.emplace_back(protocol::name_of(event.kind));
      if (event.kind == EventKind::access_asked && answer_with)
        asio::post(loop.executor(), [this, request = std::string(event.detail.at("request").as_string())] {
          answers.push_back(consent.answer(request, *answer_with));
        });
    });
  }

  AccessRequest request(const std::string& executable = "/usr/bin/code", const std::string& path = "o/r") {
    return {.connection = id,
            .asker = {.caller = std::make_shared<const Caller>(
                          Caller{.pid = 1, .program = "code", .executable = executable})},
            .host = "github.com",
            .path = path};
  }

  Loop loop;
  ManualClock clock;
  std::unique_ptr<Registry> registry = Registry::in_memory();
  ConnectionId id = ConnectionId::make();
  EventHub events{clock, [](const Connection&) { return ConnectionView(); }};
  Consent consent{*registry, events, clock, soon};
  std::vector<std::string> seen;
  std::vector<Result<>> answers;
  std::optional<Decision> answer_with;
};

TEST_F(ConsentTest, NoAnswerInTimeIsADenial) {
  EXPECT_THAT(loop.run(consent.ask(request())), FailsWith(Errc::access_denied));
  EXPECT_THAT(seen, testing::ElementsAre("access.asked", "access.answered"));
  EXPECT_TRUE(consent.questions().empty());
}

TEST_F(ConsentTest, YesForOnceIsAskedAgainTheNextTime) {
  answer_with = Decision::once;
  EXPECT_THAT(loop.run(consent.ask(request())), Succeeds());
  EXPECT_THAT(loop.run(consent.ask(request())), Succeeds());
  EXPECT_EQ(answers.size(), 2u);
  EXPECT_TRUE(consent.grants().empty());
}

TEST_F(ConsentTest, NoIsADenial) {
  answer_with = Decision::deny;
  EXPECT_THAT(loop.run(consent.ask(request())), FailsWith(Errc::access_denied));
}

TEST_F(ConsentTest, YesForTheSessionHoldsForTheProgramUntilTheSessionEnds) {
  answer_with = Decision::session;
  EXPECT_THAT(loop.run(consent.ask(request())), Succeeds());
  EXPECT_THAT(loop.run(consent.ask(request("/usr/bin/code", "o/other"))), Succeeds());
  EXPECT_EQ(answers.size(), 1u);
  consent.end_session();
  answer_with.reset();
  EXPECT_THAT(loop.run(consent.ask(request())), FailsWith(Errc::access_denied));
}

TEST_F(ConsentTest, AGrantIsForOneProgram) {
  answer_with = Decision::always;
  EXPECT_THAT(loop.run(consent.ask(request())), Succeeds());
  answer_with.reset();
  EXPECT_THAT(loop.run(consent.ask(request("/usr/bin/other"))), FailsWith(Errc::access_denied));
}

TEST_F(ConsentTest, YesForAlwaysStandsInTheRegistryUntilItIsRevoked) {
  answer_with = Decision::always;
  EXPECT_THAT(loop.run(consent.ask(request())), Succeeds());
  ASSERT_EQ(registry->access_grants().size(), 1u);
  EXPECT_THAT(consent.revoke(consent.grants().front().what.id), Succeeds());
  EXPECT_TRUE(registry->access_grants().empty());
  answer_with.reset();
  EXPECT_THAT(loop.run(consent.ask(request())), FailsWith(Errc::access_denied));
}

TEST_F(ConsentTest, GrantsGoWithTheirConnection) {
  answer_with = Decision::always;
  EXPECT_THAT(loop.run(consent.ask(request())), Succeeds());
  EXPECT_THAT(registry->remove(id), Succeeds());
  EXPECT_TRUE(consent.grants().empty());
}

TEST_F(ConsentTest, AProgramThatNobodyCanNameGetsNoGrant) {
  answer_with = Decision::always;
  EXPECT_THAT(loop.run(consent.ask(request(""))), Succeeds());
  EXPECT_TRUE(consent.grants().empty());
}

TEST_F(ConsentTest, AnAnswerToNoQuestionIsNotFound) {
  EXPECT_THAT(consent.answer("abcdef", Decision::once), FailsWith(Errc::not_found));
  EXPECT_THAT(consent.revoke("abcdef"), FailsWith(Errc::not_found));
}

TEST_F(ConsentTest, AskedAThousandTimesAtOnceItIsOneQuestion) {
  std::size_t yes = 0;
  const auto ask = [](Consent& asked, AccessRequest about, std::size_t& count) -> awaitable<> {
    Result<> got = co_await asked.ask(std::move(about));
    if (got) ++count;
  };
  for (int i = 0; i < 1000; ++i) spawn(loop.executor(), ask(consent, request(), yes));
  answer_with = Decision::once;
  loop.context().run();
  EXPECT_EQ(yes, 1000u);
  EXPECT_EQ(answers.size(), 1u);
}

TEST_F(ConsentTest, TooManyDifferentQuestionsAreTooBusy) {
  std::vector<Errc> refusals;
  const auto ask = [](Consent& asked, AccessRequest about, std::vector<Errc>& codes) -> awaitable<> {
    Result<> got = co_await asked.ask(std::move(about));
    if (!got) codes.push_back(got.error().code);
  };
  for (int i = 0; i < 1000; ++i)
    spawn(loop.executor(), ask(consent, request("/usr/bin/code", "o/" + std::to_string(i)), refusals));
  loop.context().run();
  EXPECT_EQ(std::count(refusals.begin(), refusals.end(), Errc::access_denied),
            static_cast<int>(Consent::most_questions));
  EXPECT_EQ(std::count(refusals.begin(), refusals.end(), Errc::too_busy),
            1000 - static_cast<int>(Consent::most_questions));
}

}  // namespace
}  // namespace forgelink
