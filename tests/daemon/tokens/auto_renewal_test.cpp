// SPDX-License-Identifier: MIT
#include "daemon/tokens/auto_renewal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/daemon_fixture.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;

class AutoRenewalTest : public testing::Test, public DaemonFixture {
 protected:
  AutoRenewalTest() {
    settings.renew_tokens = true;
    settings.renew_before = 7 * 24h;
    forge_renews_until("2027-06-01");
  }
  ~AutoRenewalTest() override { auto_.stop(); }

  void forge_renews_until(const std::string& day) {
    http = ScriptedHttpClient();
    http.on("/personal_access_tokens/self", 200, R"({"scopes":["api"]})");
    http.on("/personal_access_tokens/self/rotate", 200,
            R"({"token":"glpat-new","expires_at":")" + day + "\"}");
  }
  void forge_refuses() {
    http = ScriptedHttpClient();
    http.on("/personal_access_tokens/self", 503, "{}");
  }
  Connection lab(std::chrono::seconds ends_in, std::vector<std::string> scopes = {"api"}) {
    Connection connection = draft("Lab", "gitlab");
    connection.token.expires_at = clock.now() + ends_in;
    connection.token.scopes = std::move(scopes);
    return connection;
  }
  std::string token(ConnectionId id) {
    return std::string((*run(tokens.stored(id, Prompt::never)))->reveal());
  }
  // Looks again, and lets what was begun come to its end.
  void look() {
    auto_.rebuild();
    settle();
  }

  TokenRenewer renewer_{*registry, tokens, locks, http, events, settings, clock};
  AutoRenewal auto_{loop.executor(), *registry, renewer_, settings, clock};
};

TEST_F(AutoRenewalTest, ATokenNearItsEndIsRenewed) {
  const ConnectionId id = with_token(lab(6 * 24h), "glpat-old");
  look();
  EXPECT_EQ(token(id), "glpat-new");
}

TEST_F(AutoRenewalTest, ATokenFarFromItsEndIsLeftAlone) {
  const ConnectionId id = with_token(lab(8 * 24h), "glpat-old");
  look();
  EXPECT_EQ(token(id), "glpat-old");
  EXPECT_TRUE(http.asked.empty());
}

TEST_F(AutoRenewalTest, NothingIsRenewedWhereTheSettingIsOff) {
  settings.renew_tokens = false;
  const ConnectionId id = with_token(lab(1h), "glpat-old");
  look();
  EXPECT_EQ(token(id), "glpat-old");
}

class Scopes : public AutoRenewalTest,
               public testing::WithParamInterface<std::pair<std::vector<std::string>, bool>> {};

TEST_P(Scopes, DecideWhetherATokenMayRenewItself) {
  const ConnectionId id = with_token(lab(1h, GetParam().first), "glpat-old");
  look();
  EXPECT_EQ(token(id), GetParam().second ? "glpat-new" : "glpat-old");
}

INSTANTIATE_TEST_SUITE_P(All, Scopes,
                         testing::Values(std::pair(std::vector<std::string>{"self_rotate"}, true),
                                         std::pair(std::vector<std::string>{"read_user", "api"}, true),
                                         std::pair(std::vector<std::string>{"read_api"}, false),
                                         std::pair(std::vector<std::string>{"rotate"}, false),
                                         std::pair(std::vector<std::string>{}, false)));

TEST_F(AutoRenewalTest, ThePairOfASignInIsNotThisOnesAffair) {
  Connection signed_in = lab(1h);
  signed_in.sign_in = SignIn::oauth;
  with_token(std::move(signed_in), "access\nrefresh");
  look();
  EXPECT_TRUE(http.asked.empty());
}

TEST_F(AutoRenewalTest, AForgeThatCannotIsNotAsked) {
  Connection work = draft("Work");
  work.token.expires_at = clock.now() + 1h;
  work.token.scopes = {{"api"}};
  with_token(std::move(work), "ghp_token");
  look();
  EXPECT_TRUE(http.asked.empty());
}

TEST_F(AutoRenewalTest, AFailedOneIsTriedAgainAfterAnHourAndNotBefore) {
  forge_refuses();
  const ConnectionId id = with_token(lab(6 * 24h), "glpat-old");
  look();
  EXPECT_EQ(http.asked.size(), 1u);
  forge_renews_until("2027-06-01");
  clock.advance(59min);
  look();
  EXPECT_TRUE(http.asked.empty());
  clock.advance(2min);
  look();
  EXPECT_EQ(token(id), "glpat-new");
}

TEST_F(AutoRenewalTest, ATokenThatTheForgeMakesNoLongerIsLeftAloneForADay) {
  forge_renews_until("2026-11-27");
  with_token(lab(24h), "glpat-old");
  look();
  const std::size_t asked = http.asked.size();
  EXPECT_GT(asked, 0u);
  clock.advance(23h);
  look();
  EXPECT_EQ(http.asked.size(), asked);
}

TEST_F(AutoRenewalTest, ANewConnectionIsLookedAtAtOnce) {
  const ConnectionId id = with_token(lab(1h), "glpat-old");
  auto_.on_event({.kind = EventKind::connection_added, .connection = registry->find(id)});
  settle();
  EXPECT_EQ(token(id), "glpat-new");
}

TEST_F(AutoRenewalTest, OneThatFailsDoesNotKeepTheOthersBack) {
  forge_renews_until("2027-06-01");
  Connection broken = lab(1h);
  broken.name = "Broken";
  broken.type = "gitlab-self-managed";
  broken.server_url = "https://away.example";
  broken.id = ConnectionId::make();
  http.on("https://away.example", Error{.code = Errc::forge_unreachable, .message = "Away."});
  http.on("https://away.example/api/v4/personal_access_tokens/self",
          Error{.code = Errc::forge_unreachable, .message = "Away."});
  with_token(std::move(broken), "glpat-broken");
  const ConnectionId id = with_token(lab(1h), "glpat-old");
  look();
  EXPECT_EQ(token(id), "glpat-new");
}

}  // namespace
}  // namespace forgelink
