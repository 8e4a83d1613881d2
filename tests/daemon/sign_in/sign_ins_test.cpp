// SPDX-License-Identifier: MIT
#include "daemon/sign_in/sign_ins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/url.hpp"
#include "daemon/process/memory_image.hpp"
#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* good_pair =
    R"({"access_token":"gho_new","refresh_token":"ghr_new","expires_in":28800,"token_type":"bearer",)"
    R"("scope":"repo,workflow,read:user,user:email"})";
constexpr const char* token_path = "/login/oauth/access_token";

class SignInsTest : public testing::Test, protected DaemonFixture {
 protected:
  SignInsTest() {
    EXPECT_THAT(run(apps.set("github", "", "the-id", Secret("the-secret"))), Succeeds());
    http.on(token_path, 200, good_pair);
  }

  void account(unsigned status, const std::string& login = "mona") {
    const std::string body = status == 200 ? R"({"login":")" + login + R"(","id":7})" : "{}";
    http.on("/user", status, body, {{"x-github-request-id", "1"}, {"x-oauth-scopes", "repo, workflow"}});
  }
  SignIns::Wanted wanted(const std::string& name, SignIns::Method method = SignIns::Method::browser) const {
    SignIns::Wanted wish;
    wish.method = method;
    wish.draft = draft(name);
    return wish;
  }
  Result<SignIns::Started> start(const std::string& name, SignIns::Method method = SignIns::Method::browser) {
    return run(sign_ins.start(wanted(name, method)));
  }
  // A device that asks every second, for so many of them.
  Result<SignIns::Started> start_device(int seconds) {
    http.on("/login/device/code", 200,
            R"({"device_code":"dev","user_code":"AB-CD","verification_uri":"https://f/d","interval":1,)"
            R"("expires_in":)" +
                std::to_string(seconds) + "}");
    return start("Work", SignIns::Method::device);
  }
  // What the browser would be led to.
  Secret redirect(const SignIns::Started& started, const std::string& more = "code=the-code") const {
    const std::string& url = *started.authorize_url;
    const auto begin = url.find("state=") + 6;
    return Secret(*started.redirect_uri + "?" + more +
                  "&state=" + url.substr(begin, std::min(url.find('&', begin), url.size()) - begin));
  }
  SignIns::Outcome complete(const SignIns::Started& started) {
    return run(sign_ins.complete(started.id, redirect(started)));
  }
  int exchanges() const {
    return static_cast<int>(std::count_if(http.asked.begin(), http.asked.end(), [](const auto& one) {
      return one.url.find(token_path) != std::string::npos;
    }));
  }

  OAuthApps apps{*registry, vault, settings};
  OAuthClient oauth{http, clock};
  SignIns sign_ins{loop.executor(), *registry, connections, apps, oauth, events, settings, clock};
};

TEST_F(SignInsTest, ThePastedAddressMakesTheConnection) {
  account(200);
  const auto started = start("Work");
  ASSERT_THAT(started, Succeeds());
  const SignIns::Outcome done = complete(*started);
  ASSERT_THAT(done, Succeeds());
  EXPECT_EQ(row(**done).account->login, "mona");
  EXPECT_EQ(row(**done).sign_in, SignIn::oauth);
  EXPECT_EQ(row(**done).token.state, TokenState::valid);
  EXPECT_EQ(sign_ins.pending(), 0U);
}

TEST_F(SignInsTest, AFailingAccountIsAskedAgainAndTheCodeIsNotSentTwice) {
  account(503);
  account(502);
  account(200);
  const auto started = start("Work");
  const SignIns::Outcome done = complete(*started);
  ASSERT_THAT(done, Succeeds());
  EXPECT_EQ(row(**done).token.state, TokenState::valid);
  EXPECT_EQ(exchanges(), 1);
}

TEST_F(SignInsTest, ATokenThatTheForgeRefusesEndsIt) {
  account(401);
  const auto started = start("Work");
  EXPECT_THAT(complete(*started), FailsWith(Errc::token_rejected));
  EXPECT_EQ(registry->size(), 0U);
}

TEST_F(SignInsTest, APairIsKeptThoughTheForgeNeverSaysWhose) {
  account(503);
  const auto started = start_device(3);
  ASSERT_THAT(started, Succeeds());
  const SignIns::Outcome done = run(sign_ins.wait(started->id, 20s));
  ASSERT_THAT(done, Succeeds());
  ASSERT_TRUE(*done);
  EXPECT_EQ(row(**done).token.state, TokenState::unverified);
  EXPECT_FALSE(row(**done).account);
  EXPECT_THAT(row(**done).hint.value_or(""), HasSubstr("did not say whose"));
  EXPECT_EQ(exchanges(), 1);
}

TEST_F(SignInsTest, APairThatIsNotSavedYetOutlivesARestart) {
  account(503);
  const auto started = start_device(600);
  settle(2s);
  ASSERT_EQ(exchanges(), 1);
  MemoryImage image;
  sign_ins.save(image);
  EXPECT_THAT(run(sign_ins.cancel(started->id)), Succeeds());
  account(200);
  account(200);
  SignIns next(loop.executor(), *registry, connections, apps, oauth, events, settings, clock);
  next.restore(image);
  const SignIns::Outcome done = run(next.wait(started->id, 10s));
  ASSERT_THAT(done, Succeeds());
  ASSERT_TRUE(*done);
  EXPECT_EQ(row(**done).token.state, TokenState::valid);
  EXPECT_EQ(exchanges(), 1);
  next.stop();
  settle();
}

TEST_F(SignInsTest, WhatIsNotItsOwnRedirectHasNoEffect) {
  account(200);
  const auto started = start("Work");
  for (const char* more : {"", "code=a&code=b", "error=x&code=y", "code=c&iss=https://evil.example"}) {
    EXPECT_THAT(run(sign_ins.complete(started->id, redirect(*started, more))),
                FailsWith(Errc::invalid_params))
        << more;
  }
  EXPECT_THAT(run(sign_ins.complete(started->id, Secret(*started->redirect_uri + "?code=c&state=wrong"))),
              FailsWith(Errc::invalid_params));
  EXPECT_EQ(exchanges(), 0);
  EXPECT_EQ(sign_ins.pending(), 1U);
}

TEST_F(SignInsTest, FaultE4NoMoreThanSixteenPendAtOnce) {
  for (int i = 0; i < 16; ++i) ASSERT_THAT(start("Work " + std::to_string(i)), Succeeds());
  EXPECT_THAT(start("One more"), FailsWith(Errc::too_busy));
  EXPECT_EQ(sign_ins.pending(), 16U);
}

TEST_F(SignInsTest, FaultE1ACancelIsTheEndUntilTheConnectionIsWritten) {
  account(503);
  const auto started = start("Work");
  spawn(loop.executor(), [](SignIns& all, std::string id, Secret url) -> awaitable<> {
    co_await all.complete(std::move(id), std::move(url));
  }(sign_ins, started->id, redirect(*started)));
  settle(100ms);
  EXPECT_EQ(exchanges(), 1);
  const Result<bool> cancelled = run(sign_ins.cancel(started->id));
  ASSERT_THAT(cancelled, Succeeds());
  EXPECT_TRUE(*cancelled);
  settle(1s);
  EXPECT_EQ(registry->size(), 0U);
  EXPECT_THAT(run(sign_ins.wait(started->id, 0s)), FailsWith(Errc::sign_in_cancelled));
}

TEST_F(SignInsTest, AConnectionThatGoesTakesItsSignInAlong) {
  const ConnectionId id = with_token(draft("Work"), "ghp_old");
  SignIns::Wanted wish;
  wish.connection = id;
  const auto started = run(sign_ins.start(std::move(wish)));
  ASSERT_THAT(started, Succeeds());
  const Connection gone = row(id);
  sign_ins.on_event({.kind = EventKind::connection_removed, .connection = &gone});
  EXPECT_THAT(run(sign_ins.wait(started->id, 0s)), FailsWith(Errc::sign_in_cancelled));
}

TEST_F(SignInsTest, WhatCanBeToldAtOnceIsToldBeforeAnybodyIsAsked) {
  with_token(draft("Work"), "ghp_old");
  const auto taken = start("work");
  ASSERT_THAT(taken, FailsWith(Errc::name_taken));
  EXPECT_EQ(taken.error().field, "add.name");
  SignIns::Wanted wish = wanted("Other", SignIns::Method::device);
  wish.draft->type = "bitbucket";
  const auto unsupported = run(sign_ins.start(std::move(wish)));
  ASSERT_THAT(unsupported, FailsWith(Errc::sign_in_unsupported));
  EXPECT_EQ(unsupported.error().field, "method");
  EXPECT_EQ(sign_ins.pending(), 0U);
}

TEST_F(SignInsTest, OneThatWasSavedWhileTheDaemonEndedIsNotDoneAgain) {
  account(503);
  const auto started = start_device(600);
  settle(2s);
  MemoryImage image;
  sign_ins.save(image);  // with the pair
  account(200);
  const SignIns::Outcome done = run(sign_ins.wait(started->id, 10s));
  ASSERT_THAT(done, Succeeds());
  ASSERT_TRUE(*done);
  SignIns next(loop.executor(), *registry, connections, apps, oauth, events, settings, clock);
  next.restore(image);
  EXPECT_EQ(next.pending(), 0u);
  next.stop();
  settle();
}

TEST_F(SignInsTest, WhatIsPendingStaysInTheImageAfterTheStop) {
  ASSERT_THAT(start("Work"), Succeeds());
  sign_ins.stop();
  MemoryImage image;
  sign_ins.save(image);  // as when a token in memory changes while the daemon ends
  EXPECT_EQ(image.records().size(), 1u);
}

}  // namespace
}  // namespace forgelink
