// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/methods/credential.hpp"
#include "daemon/methods/credential_erase.hpp"
#include "daemon/methods/credential_explain.hpp"
#include "daemon/methods/credential_get.hpp"
#include "daemon/methods/credential_store.hpp"
#include "daemon/methods/rule_add.hpp"
#include "tests/daemon/services_fixture.hpp"

namespace forgelink {
namespace {

using testing::HasSubstr;

class CredentialMethods : public testing::Test, public ServicesFixture {
 protected:
  boost::json::object git(boost::json::object more = {}) const {
    boost::json::object asked{{"protocol", "http"}, {"host", forge.authority()}};
    for (const auto& [name, value] : more) asked[name] = value;
    return asked;
  }
  static std::string message_of(const Reply& reply) {
    const auto* message = reply->if_contains("message");
    return message != nullptr ? std::string(message->as_string()) : "";
  }
};

TEST_F(CredentialMethods, GitGetsUserNameAndToken) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  const Reply answer = call<CredentialGet>(git({{"path", "o/r.git"}}));
  ASSERT_THAT(answer, Succeeds());
  EXPECT_EQ(answer->at("password"), "ghp_token");
  EXPECT_FALSE(answer->at("username").as_string().empty());
  EXPECT_EQ(answer->at("connection"), as_json(id.text()));
  EXPECT_FALSE(answer->contains("quit"));
}

TEST_F(CredentialMethods, AGitThatUnderstandsItGetsACredentialThatNoHelperKeeps) {
  with_token(draft("Work"), "ghp_token");
  const Reply answer = call<CredentialGet>(git({{"capabilities", {"authtype"}}}));
  ASSERT_THAT(answer, Succeeds());
  EXPECT_EQ(answer->at("authtype"), "Basic");
  EXPECT_EQ(answer->at("ephemeral"), true);
  EXPECT_FALSE(answer->contains("password"));
}

TEST_F(CredentialMethods, TheEndOfATokenIsToldInSeconds) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  const Time end = services.clock.now() + std::chrono::hours(24);
  change(id, [&](Connection& c) { c.token.expires_at = end; });
  EXPECT_EQ(call<CredentialGet>(git())->at("password_expiry_utc"), end.time_since_epoch().count());
}

TEST_F(CredentialMethods, AHostThatNobodyConfiguredGetsNoAnswer) {
  with_token(draft("Work"), "ghp_token");
  const Reply answer = call<CredentialGet>({{"protocol", "https"}, {"host", "other.example"}});
  ASSERT_THAT(answer, Succeeds());
  EXPECT_TRUE(answer->empty());
}

TEST_F(CredentialMethods, WithoutAHostThereIsNothingToAnswer) {
  EXPECT_TRUE(call<CredentialGet>()->empty());
  EXPECT_THAT(call<CredentialStore>({{"username", "u"}, {"password", "p"}}), Succeeds());
  EXPECT_THAT(call<CredentialErase>(), Succeeds());
  EXPECT_TRUE(services.registry->stored_credentials().empty());
}

TEST_F(CredentialMethods, OfSeveralNobodyGuessesAndTheCommandThatSettlesItIsNamed) {
  with_token(draft("Home"), "ghp_home");
  with_token(draft("Work"), "ghp_work");
  const Reply answer = call<CredentialGet>(git({{"path", "o/r.git"}}));
  EXPECT_EQ(answer->at("quit"), true);
  EXPECT_THAT(message_of(answer), testing::AllOf(HasSubstr("forgelink use "), HasSubstr("--for ")));
  EXPECT_FALSE(answer->contains("password"));
}

TEST_F(CredentialMethods, ARuleSettlesIt) {
  with_token(draft("Home"), "ghp_home");
  with_token(draft("Work"), "ghp_work");
  ASSERT_THAT(call<RuleAdd>({{"connection", "Work"}, {"directory", "/srv/job"}}), Succeeds());
  EXPECT_EQ(call<CredentialGet>(git({{"directory", "/srv/job/tree"}}))->at("password"), "ghp_work");
  EXPECT_FALSE(call<CredentialGet>(git({{"directory", "/srv/else"}}))->contains("password"));
}

TEST_F(CredentialMethods, AMissingTokenLeavesGitToAskThePerson) {
  ASSERT_THAT(services.registry->insert(draft("Work")), Succeeds());
  const Reply answer = call<CredentialGet>(git());
  EXPECT_THAT(message_of(answer), HasSubstr("forgelink edit Work"));
  EXPECT_FALSE(answer->contains("quit"));
}

class EndedToken : public CredentialMethods, public testing::WithParamInterface<TokenState> {};

TEST_P(EndedToken, IsNotHandedOut) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  change(id, [](Connection& c) {
    c.token.state = GetParam();
    if (GetParam() == TokenState::expired) c.token.state = TokenState::valid;
    if (GetParam() == TokenState::expired) c.token.expires_at = Time(std::chrono::seconds(1));
  });
  const Reply answer = call<CredentialGet>(git());
  EXPECT_FALSE(answer->contains("password"));
  EXPECT_FALSE(answer->contains("quit"));
  EXPECT_THAT(message_of(answer), HasSubstr("“Work”"));
}

INSTANTIATE_TEST_SUITE_P(States, EndedToken, testing::Values(TokenState::rejected, TokenState::expired));

TEST_F(CredentialMethods, WhatGitHadAcceptedConfiguresAConnectionThatHasNoToken) {
  github_says(forge, "mona");
  const Connection work = draft("Work");
  ASSERT_THAT(services.registry->insert(work), Succeeds());
  const std::string token = "ghp_" + std::string(36, 'a');
  ASSERT_THAT(call<CredentialStore>(git({{"username", "mona"}, {"password", token}})), Succeeds());
  EXPECT_TRUE(run_until([&] { return row(work.id).token.state == TokenState::valid; }));
  EXPECT_EQ(call<CredentialGet>(git())->at("password"), as_json(token));
}

TEST_F(CredentialMethods, OnlyTheForgesOwnNoMakesATokenRejected) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  forge.on("GET /api/user", 503, "{}");
  ASSERT_THAT(call<CredentialErase>(git({{"username", "u"}, {"password", "ghp_token"}})), Succeeds());
  ASSERT_TRUE(run_until([&] { return forge.count("/api/user") > 0; }));
  EXPECT_EQ(row(id).token.state, TokenState::valid);
  forge.forget_script();
  forge.on("GET /api/user", 401, "{}", "X-GitHub-Request-Id: 1\r\n");
  EXPECT_TRUE(run_until([&] {
    EXPECT_THAT(call<CredentialErase>(git({{"username", "u"}, {"password", "ghp_token"}})), Succeeds());
    return row(id).token.state == TokenState::rejected;
  }));
}

TEST_F(CredentialMethods, AnEraseOfAnotherPasswordAsksNobody) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  ASSERT_THAT(call<CredentialErase>(git({{"username", "u"}, {"password", "other"}})), Succeeds());
  loop.context().poll();
  EXPECT_TRUE(forge.asked.empty());
  EXPECT_EQ(row(id).token.state, TokenState::valid);
}

TEST_F(CredentialMethods, AHostWithoutAConnectionIsRememberedAsGitSaysAndForgotten) {
  const boost::json::object asked{{"protocol", "https"}, {"host", "other.example"}, {"username", "u"}};
  boost::json::object full = asked;
  full["password"] = "secret";
  ASSERT_THAT(call<CredentialStore>(full), Succeeds());
  EXPECT_EQ(call<CredentialGet>(asked)->at("password"), "secret");
  ASSERT_THAT(call<CredentialErase>(full), Succeeds());
  EXPECT_TRUE(call<CredentialGet>(asked)->empty());
}

TEST_F(CredentialMethods, ExplainNamesTheOnlyOneThatFits) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  const Reply said = call<CredentialExplain>(git({{"path", "o/r"}}));
  ASSERT_THAT(said, Succeeds());
  EXPECT_EQ(said->at("outcome"), "answer");
  EXPECT_EQ(said->at("connection"), as_json(id.text()));
  EXPECT_EQ(said->at("name"), "Work");
  ASSERT_EQ(said->at("candidates").as_array().size(), 1u);
  EXPECT_EQ(said->at("candidates").at(0).at("fits"), true);
}

TEST_F(CredentialMethods, ExplainNamesTheRuleThatChose) {
  with_token(draft("Home"), "ghp_home");
  const ConnectionId work = with_token(draft("Work"), "ghp_work");
  const Reply rule = call<RuleAdd>({{"connection", "Work"}, {"directory", "/srv/job"}});
  const Reply said = call<CredentialExplain>(git({{"directory", "/srv/job/tree"}}));
  EXPECT_EQ(said->at("outcome"), "answer");
  EXPECT_EQ(said->at("connection"), as_json(work.text()));
  EXPECT_EQ(said->at("rule"), rule->at("rule").at("id"));
}

TEST_F(CredentialMethods, ExplainHandsNothingOutAndCountsNoUse) {
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  const Reply said = call<CredentialExplain>(git({{"path", "o/r"}}));
  EXPECT_EQ(boost::json::serialize(*said).find("ghp_token"), std::string::npos);
  EXPECT_FALSE(row(id).last_used_at);
  EXPECT_EQ(services.access_log.waiting(), 0u);
}

TEST_F(CredentialMethods, ExplainTellsWhySeveralNoneOrAStoredOneWouldAnswer) {
  EXPECT_EQ(call<CredentialExplain>(git())->at("outcome"), "none");
  with_token(draft("Home"), "ghp_home");
  with_token(draft("Work"), "ghp_work");
  EXPECT_EQ(call<CredentialExplain>(git())->at("outcome"), "ambiguous");
  ASSERT_THAT(
      call<CredentialStore>(
          {{"protocol", "https"}, {"host", "other.example"}, {"username", "u"}, {"password", "secret"}}),
      Succeeds());
  EXPECT_EQ(call<CredentialExplain>({{"protocol", "https"}, {"host", "other.example"}})->at("outcome"),
            "stored");
}

struct Unusable {
  TokenState state;
  bool locked;
  const char* why;
};

class ExplainUnusable : public CredentialMethods, public testing::WithParamInterface<Unusable> {};

TEST_P(ExplainUnusable, TellsWhatIsWrongWithTheChosenToken) {
  const Unusable& wanted = GetParam();
  const ConnectionId id = with_token(draft("Work"), "ghp_token");
  change(id, [&](Connection& c) {
    if (wanted.state == TokenState::missing) c.token = TokenMetadata{};
    if (wanted.state == TokenState::rejected) c.token.state = TokenState::rejected;
    if (wanted.state == TokenState::expired) c.token.expires_at = Time(std::chrono::seconds(1));
  });
  if (wanted.locked) ASSERT_THAT(services.lock.lock(TokenLock::By::person), Succeeds());
  const Reply said = call<CredentialExplain>(git());
  EXPECT_EQ(said->at("outcome"), "unusable");
  EXPECT_THAT(std::string(said->at("reason").as_string()), HasSubstr(wanted.why));
}

INSTANTIATE_TEST_SUITE_P(All, ExplainUnusable,
                         testing::Values(Unusable{TokenState::missing, false, "has no token"},
                                         Unusable{TokenState::rejected, false, "refuses its token"},
                                         Unusable{TokenState::expired, false, "has expired"},
                                         Unusable{TokenState::valid, true, "is locked"}));

TEST(CheckedCredential, AnExpiryThatIsNoTimeMeansThatItDoesNotEnd) {
  for (const std::int64_t expiry : {std::int64_t{0}, std::int64_t{-5}}) {
    protocol::CredentialParams params{.password_expiry_utc = expiry};
    EXPECT_FALSE(checked(std::move(params))->password_expiry);
  }
  protocol::CredentialParams params{.password_expiry_utc = 12};
  EXPECT_EQ(checked(std::move(params))->password_expiry, Time(std::chrono::seconds(12)));
}

}  // namespace
}  // namespace forgelink
