// SPDX-License-Identifier: MIT
// Sign-ins against GitHub by script, on a keyring that does as it is told.
#include "daemon/sign_in/sign_ins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink::sign_in_flow {
namespace {

using namespace std::chrono_literals;
using Method = SignIns::Method;
using testing::Contains;

constexpr const char* token_endpoint = "/login/oauth/access_token";
constexpr const char* good_tokens = R"({"access_token":"gho_access","token_type":"bearer","scope":"repo"})";

class SignInFlowTest : public testing::Test, public DaemonFixture {
 protected:
  SignInFlowTest() {
    EXPECT_THAT(run(apps_.set("github", "", "app-id", Secret("app-secret"))), Succeeds());
    http.on("/login/device/code", 200,
            R"({"device_code":"dev","user_code":"AB-12","verification_uri":"https://github.com/login/device",
               "expires_in":900,"interval":1})");
    account_is(1);
    events.listen([this](const Event& event) { sign_ins_.on_event(event); });
  }
  ~SignInFlowTest() override { sign_ins_.stop(); }

  void account_is(int id) {
    http.on("/user", 200, R"({"login":"mona","id":)" + std::to_string(id) + "}",
            {{"x-oauth-scopes", "repo"}, {"x-github-request-id", "1"}});
  }
  SignIns::Started start(Method method = Method::browser, const char* name = "Work") {
    SignIns::Wanted wanted{.method = method, .draft = draft(name)};
    const Result<SignIns::Started> started = run(sign_ins_.start(std::move(wanted)));
    EXPECT_THAT(started, Succeeds());
    return *started;
  }
  SignIns::Started start_for(ConnectionId id, bool accept = false) {
    const Result<SignIns::Started> started =
        run(sign_ins_.start({.connection = id, .draft = {}, .accept_account_change = accept}));
    EXPECT_THAT(started, Succeeds());
    return *started;
  }
  static std::string back(const SignIns::Started& started, const std::string& what = "code=the-code") {
    const std::string& url = *started.authorize_url;
    const auto begin = url.find("state=") + 6;
    return *started.redirect_uri + "?" + what + "&state=" + url.substr(begin, url.find('&', begin) - begin);
  }
  SignIns::Outcome complete(const SignIns::Started& started, const std::string& address) {
    return run(sign_ins_.complete(started.id, Secret(address)));
  }
  std::size_t exchanges() const {
    std::size_t count = 0;
    for (const std::string& url : http.urls()) count += url.find(token_endpoint) != std::string::npos ? 1 : 0;
    return count;
  }

  OAuthApps apps_{*registry, vault, settings};
  OAuthClient oauth_{http, clock};
  SignIns sign_ins_{loop.executor(), *registry, connections, apps_, oauth_, events, settings, clock};
};

TEST_F(SignInFlowTest, ACodeIsExchangedOnceHoweverOftenItComes) {
  http.on(token_endpoint, 200, good_tokens);
  const SignIns::Started started = start();
  const SignIns::Outcome first = complete(started, back(started));
  const SignIns::Outcome second = complete(started, back(started));
  ASSERT_THAT(first, Succeeds());
  ASSERT_THAT(second, Succeeds());
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(exchanges(), 1u);
  EXPECT_EQ(registry->size(), 1u);
  EXPECT_THAT(published, Contains(EventKind::sign_in_completed));
}

TEST_F(SignInFlowTest, WhatThePersonRefusedIsDenied) {
  const SignIns::Started started = start();
  EXPECT_THAT(complete(started, back(started, "error=access_denied")), FailsWith(Errc::sign_in_denied));
  EXPECT_EQ(registry->size(), 0u);
  EXPECT_EQ(exchanges(), 0u);
  EXPECT_THAT(published, Contains(EventKind::sign_in_failed));
}

TEST_F(SignInFlowTest, ARefusedCodeEndsIt) {
  http.on(token_endpoint, 200, R"({"error":"bad_verification_code"})");
  const SignIns::Started started = start();
  EXPECT_FALSE(complete(started, back(started)));
  EXPECT_EQ(exchanges(), 1u);
  EXPECT_EQ(registry->size(), 0u);
}

TEST_F(SignInFlowTest, PassingTroubleIsTriedAgain) {
  http.on(token_endpoint, Error{.code = Errc::forge_unreachable, .message = "Reset."});
  http.on(token_endpoint, 200, good_tokens);
  const SignIns::Started started = start();
  EXPECT_THAT(complete(started, back(started)), Succeeds());
  EXPECT_EQ(exchanges(), 2u);
}

TEST_F(SignInFlowTest, AnAnswerThatWasLostIsToldAsThatAndNotAsARefusal) {
  http.on(token_endpoint, Error{.code = Errc::forge_unreachable, .message = "Reset."});
  http.on(token_endpoint, 200, R"({"error":"bad_verification_code"})");
  const SignIns::Started started = start();
  const SignIns::Outcome lost = complete(started, back(started));
  ASSERT_THAT(lost, FailsWith(Errc::forge_error));
  EXPECT_THAT(lost.error().hint, testing::HasSubstr("Start again"));
}

TEST_F(SignInFlowTest, ACodeIsNotSpentWhileTheKeyringTakesNothing) {
  http.on(token_endpoint, 200, good_tokens);
  const SignIns::Started started = start();
  keyring.puts_fail = true;
  std::optional<SignIns::Outcome> outcome;
  const auto wait = [](SignIns& from, std::string id, Secret url,
                       std::optional<SignIns::Outcome>& into) -> awaitable<> {
    into = co_await from.complete(std::move(id), std::move(url));
  };
  spawn(loop.executor(), wait(sign_ins_, started.id, Secret(back(started)), outcome));
  settle();
  EXPECT_EQ(exchanges(), 0u);
  EXPECT_FALSE(outcome);
  keyring.puts_fail = false;
  for (int i = 0; i < 100 && !outcome; ++i) settle();
  ASSERT_TRUE(outcome);
  EXPECT_THAT(*outcome, Succeeds());
  EXPECT_EQ(exchanges(), 1u);
}

TEST_F(SignInFlowTest, ADeviceThatWasAllowedMakesTheConnection) {
  http.on(token_endpoint, 200, R"({"error":"authorization_pending"})");
  http.on(token_endpoint, 200, good_tokens);
  const SignIns::Started started = start(Method::device);
  const SignIns::Outcome done = run(sign_ins_.wait(started.id, 20s));
  ASSERT_THAT(done, Succeeds());
  ASSERT_TRUE(*done);
  EXPECT_EQ(row(**done).name, "Work");
  EXPECT_EQ(row(**done).sign_in, SignIn::oauth);
  EXPECT_EQ(exchanges(), 2u);
}

TEST_F(SignInFlowTest, ADeviceThatWasRefusedIsDenied) {
  http.on(token_endpoint, 200, R"({"error":"access_denied"})");
  const SignIns::Started started = start(Method::device);
  EXPECT_THAT(run(sign_ins_.wait(started.id, 20s)), FailsWith(Errc::sign_in_denied));
}

TEST_F(SignInFlowTest, ADeviceWaitsForNoAddress) {
  http.on(token_endpoint, 200, R"({"error":"slow_down"})");
  const SignIns::Started started = start(Method::device);
  const SignIns::Outcome refused = complete(started, "http://127.0.0.1/?code=c&state=s");
  ASSERT_THAT(refused, FailsWith(Errc::invalid_params));
  EXPECT_EQ(refused.error().field, "sign_in");
}

TEST_F(SignInFlowTest, AnotherAccountNeedsAYes) {
  http.on(token_endpoint, 200, good_tokens);
  Connection work = draft("Work");
  work.account = Account{.id = "7", .login = "octo"};
  const ConnectionId id = with_token(std::move(work), "ghp_token");
  const SignIns::Started refused = start_for(id);
  EXPECT_THAT(complete(refused, back(refused)), FailsWith(Errc::account_changed));
  EXPECT_EQ(row(id).account->login, "octo");
  EXPECT_EQ(row(id).sign_in, SignIn::pat);
  const SignIns::Started accepted = start_for(id, true);
  EXPECT_THAT(complete(accepted, back(accepted)), Succeeds());
  EXPECT_EQ(row(id).account->login, "mona");
  EXPECT_EQ(row(id).sign_in, SignIn::oauth);
}

TEST_F(SignInFlowTest, ANameThatIsTakenMeanwhileMakesNoSecondConnection) {
  http.on(token_endpoint, 200, good_tokens);
  const SignIns::Started started = start();
  with_token(draft("work"), "ghp_token");
  EXPECT_THAT(complete(started, back(started)), FailsWith(Errc::name_taken));
  EXPECT_EQ(registry->size(), 1u);
  EXPECT_EQ(keyring.items.size(), 2u) << "the app's secret and the other connection's token";
}

TEST_F(SignInFlowTest, AStopEndsAllOfThem) {
  const SignIns::Started started = start();
  sign_ins_.stop();
  EXPECT_THAT(run(sign_ins_.wait(started.id, 0ms)), FailsWith(Errc::shutting_down));
}

TEST_F(SignInFlowTest, OneThatIsPendingIsStillAskableAfterItsEnd) {
  const SignIns::Started started = start();
  ASSERT_THAT(run(sign_ins_.cancel(started.id)), Succeeds());
  settle(1ms);
  EXPECT_THAT(run(sign_ins_.wait(started.id, 0ms)), FailsWith(Errc::sign_in_cancelled));
  EXPECT_EQ(sign_ins_.pending(), 0u);
}

}  // namespace
}  // namespace forgelink::sign_in_flow
