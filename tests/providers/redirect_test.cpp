// SPDX-License-Identifier: MIT
#include "providers/oauth/redirect.hpp"

#include <gtest/gtest.h>

#include <set>

#include "providers/oauth/pkce.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

SignInRequest request() {
  return {.redirect_uri = "http://127.0.0.1:4711/callback/abc",
          .issuer = "https://github.com/login/oauth",
          .state = std::make_shared<const Secret>("the-state"),
          .verifier = nullptr};
}

TEST(Redirect, TheRightAnswerIsTaken) {
  const auto answer = parse_redirect_query(
      "code=abc%20d&state=the-state&iss=https%3A%2F%2Fgithub.com%2Flogin%2Foauth", request());
  ASSERT_THAT(answer, Succeeds());
  EXPECT_EQ(answer->code.reveal(), "abc d");
  const auto no = parse_redirect_query("error=access_denied&error_description=x&state=the-state", request());
  ASSERT_THAT(no, Succeeds());
  EXPECT_EQ(no->error, "access_denied");
}

TEST(Redirect, EverythingElseIsRefused) {
  for (const char* query :
       {"", "code=a", "state=the-state", "code=a&state=The-State", "code=a&state=the-stat",
        "code=a&state=the-state1", "code=a&error=b&state=the-state", "code=a&code=a&state=the-state",
        "code=a&state=the-state&state=the-state", "code=a&state=the-state&iss=https%3A%2F%2Fgithub.com",
        "code=&state=the-state", "error=access_denied", "%zz=1&code=a&state=the-state"}) {
    EXPECT_THAT(parse_redirect_query(query, request()), FailsWith(Errc::invalid_params)) << query;
  }
}

TEST(Redirect, AnIssuerMayHaveAnyTenant) {
  const std::string_view entra = "https://login.example/*/v2.0";
  EXPECT_TRUE(is_issuer("https://login.example/33333333-dddd/v2.0", entra));
  EXPECT_FALSE(is_issuer("https://login.example//v2.0", entra));
  EXPECT_FALSE(is_issuer("https://login.example/a/b/v2.0", entra));
  EXPECT_FALSE(is_issuer("https://evil.example/a/v2.0", entra));
  EXPECT_TRUE(is_issuer("https://git.example/sub", "https://git.example/sub"));
  EXPECT_FALSE(is_issuer("https://git.example", "https://git.example/sub"));
}

TEST(Redirect, TheReasonOfARefusalComesWithIt) {
  const auto no = parse_redirect_query(
      "error=access_denied&error_description=AADSTS65004%3A+no&state=the-state", request());
  ASSERT_THAT(no, Succeeds());
  EXPECT_EQ(no->description, "AADSTS65004: no");
}

TEST(Redirect, APastedAddressMustBeTheOneThatIsWaitedFor) {
  EXPECT_THAT(parse_redirect_url(" http://127.0.0.1:4711/callback/abc?code=a&state=the-state#x\n", request()),
              Succeeds());
  for (const char* url :
       {"http://127.0.0.1:4712/callback/abc?code=a&state=the-state",
        "http://localhost:4711/callback/abc?code=a&state=the-state", "code=a&state=the-state",
        "http://127.0.0.1:4711/callback/abc", "https://127.0.0.1:4711/callback/abc?code=a&state=the-state"}) {
    EXPECT_THAT(parse_redirect_url(url, request()), FailsWith(Errc::invalid_params)) << url;
  }
}

TEST(Pkce, TheChallengeIsThatOfTheRfcAndRandomTextNeverRepeats) {
  // RFC 7636, appendix B.
  EXPECT_EQ(challenge_of(Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto text = random_text();
    EXPECT_EQ(text->size(), 43u);
    EXPECT_TRUE(seen.emplace(text->reveal()).second);
  }
}

}  // namespace
}  // namespace forgelink
