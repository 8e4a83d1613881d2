// SPDX-License-Identifier: MIT
#include "providers/oauth/oauth_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "providers/provider.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/fakes/scripted_http_client.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/results.hpp"

namespace forgelink {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

SharedSecret oauth_secret(std::string_view text) { return std::make_shared<const Secret>(text); }

// The authorization server of a type, as its provider describes it.
class OAuthClientTest : public testing::Test {
 protected:
  OAuthServer server(std::string_view type, std::string tenant = "") {
    const Provider& provider = *find_provider(type);
    Target target{.endpoints = &endpoints};
    if (provider.self_hosted) target.server_url = "https://git.example/sub";
    return {.dialect = provider.oauth,
            .endpoints = provider.oauth->endpoints(target, tenant),
            .app = {.client_id = "the-id", .client_secret = nullptr, .tenant = tenant},
            .type = std::string(type),
            .server_url = target.server_url.value_or(""),
            .app_page = provider.oauth->app_page(target),
            .connection = "7"};
  }

  SignInRequest request() {
    return {.redirect_uri = "http://127.0.0.1:4711/callback",
            .issuer = "https://issuer.example",
            .state = oauth_secret("the-state"),
            .verifier = oauth_secret("the-verifier")};
  }

  // What the token endpoint said, and what came of it.
  TokenAnswer exchange(const OAuthServer& server, unsigned status, std::string body,
                       std::string type = "application/json") {
    client.on(server.endpoints.token, status, std::move(body), {{"content-type", std::move(type)}});
    return loop.run(oauth.exchange_code(server, request(), oauth_secret("the-code")));
  }
  TokenAnswer refresh(const OAuthServer& server, unsigned status, std::string body) {
    client.on(server.endpoints.token, status, std::move(body));
    return loop.run(oauth.refresh(server, oauth_secret("the-refresh-token")));
  }

  Loop loop;
  Endpoints endpoints;
  ManualClock clock;
  ScriptedHttpClient client;
  OAuthClient oauth{client, clock};
};

constexpr const char* every_type[] = {"github", "gitlab", "gitlab-self-managed", "bitbucket", "azure-devops"};

class EveryType : public OAuthClientTest, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(OAuth, EveryType, testing::ValuesIn(every_type), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST_P(EveryType, TheAddressHasStateAndRedirectAndNoSecret) {
  OAuthServer asked = server(GetParam());
  asked.app.client_secret = oauth_secret("the-client-secret");
  const std::string url = OAuthClient::authorize_url(asked, request(), "octo-dev");
  EXPECT_THAT(url, HasSubstr("response_type=code"));
  EXPECT_THAT(url, HasSubstr("client_id=the-id"));
  EXPECT_THAT(url, HasSubstr("state=the-state"));
  EXPECT_THAT(url, HasSubstr("redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback"));
  EXPECT_EQ(url.find("the-client-secret"), std::string::npos);
  EXPECT_EQ(url.find("the-verifier"), std::string::npos);
  EXPECT_EQ(url.find("code_challenge_method=S256") != std::string::npos, asked.dialect->pkce);
}

TEST_P(EveryType, ACodeIsExchangedForAPair) {
  const OAuthServer asked = server(GetParam());
  const TokenAnswer answer = exchange(
      asked, 200,
      R"({"access_token":"aa","refresh_token":"rr","expires_in":7200,"token_type":"bearer","scope":"read_api write_repository"})");
  ASSERT_TRUE(answer.tokens);
  EXPECT_EQ(answer.tokens->access.reveal(), "aa");
  EXPECT_EQ(answer.tokens->refresh->reveal(), "rr");
  EXPECT_EQ(answer.tokens->expires_at, clock.now() + std::chrono::seconds(7200));
  EXPECT_THAT(answer.tokens->scopes, ElementsAre("read_api", "write_repository"));
  ASSERT_EQ(client.asked.size(), 1u);
  EXPECT_EQ(client.asked[0].connection, "7");
  EXPECT_THAT(client.asked[0].form, Contains(Pair("code", "the-code")));
  EXPECT_EQ(client.asked[0].form.contains("code_verifier"), asked.dialect->pkce);
}

TEST_P(EveryType, TroubleOfTheServerMayPass) {
  const TokenAnswer answer = exchange(server(GetParam()), 503, "<html>busy</html>", "text/html");
  EXPECT_TRUE(answer.passing);
  EXPECT_FALSE(answer.spent);
  EXPECT_EQ(answer.error.code, Errc::forge_error);
}

TEST_P(EveryType, ALostConnectionMayPass) {
  const OAuthServer asked = server(GetParam());
  client.on(asked.endpoints.token, Error{.code = Errc::forge_unreachable, .message = "It was reset."});
  const TokenAnswer answer = loop.run(oauth.exchange_code(asked, request(), oauth_secret("the-code")));
  EXPECT_TRUE(answer.passing);
}

TEST_P(EveryType, APageInPlaceOfAnAnswerIsNoAnswer) {
  const TokenAnswer answer = exchange(server(GetParam()), 200, "<html>sign in</html>", "text/html");
  EXPECT_FALSE(answer.passing);
  EXPECT_EQ(answer.error.code, Errc::forge_error);
}

TEST_P(EveryType, AnAnswerWithoutATokenIsNoAnswer) {
  const TokenAnswer answer = exchange(server(GetParam()), 200, "{}");
  EXPECT_FALSE(answer.tokens);
  EXPECT_EQ(answer.error.code, Errc::forge_error);
}

TEST_P(EveryType, ASpentCodeIsSaidSo) {
  const TokenAnswer answer = exchange(server(GetParam()), 400, R"({"error":"invalid_grant"})");
  EXPECT_TRUE(answer.spent);
  EXPECT_EQ(answer.error.code, Errc::sign_in_denied);
}

TEST_P(EveryType, ASpentRefreshTokenIsRejectedWithTheWayOut) {
  const TokenAnswer answer = refresh(server(GetParam()), 400, R"({"error":"invalid_grant"})");
  EXPECT_EQ(answer.error.code, Errc::token_rejected);
  EXPECT_THAT(answer.error.hint, HasSubstr("--sign-in"));
}

TEST_P(EveryType, AnUnknownAppIsSaidSo) {
  const TokenAnswer answer = exchange(server(GetParam()), 401, R"({"error":"invalid_client"})");
  EXPECT_EQ(answer.error.code, Errc::oauth_app_missing);
  EXPECT_THAT(answer.error.hint, HasSubstr("forgelink oauth-app set"));
}

TEST_P(EveryType, TheRefreshTokenIsKeptWhereNoNewOneComes) {
  const TokenAnswer answer = refresh(server(GetParam()), 200, R"({"access_token":"aa","expires_in":60})");
  ASSERT_TRUE(answer.tokens);
  EXPECT_EQ(answer.tokens->refresh->reveal(), "the-refresh-token");
}

TEST_P(EveryType, WhatTheServerCallsTheErrorIsNotRepeatedAsItIs) {
  const TokenAnswer answer = exchange(
      server(GetParam()), 400, R"({"error":"\u001b[31m<b>odd","error_description":"the-code was wrong"})");
  EXPECT_EQ(answer.error.message.find('\x1b'), std::string::npos);
  EXPECT_EQ(answer.error.message.find("the-code"), std::string::npos);
}

TEST_F(OAuthClientTest, GitHubSaysNoWithStatus200) {
  const TokenAnswer answer = exchange(server("github"), 200, R"({"error":"bad_verification_code"})");
  EXPECT_TRUE(answer.spent);
  EXPECT_EQ(answer.error.code, Errc::sign_in_denied);
}

TEST_F(OAuthClientTest, AFormIsReadWhereAcceptWasLost) {
  const TokenAnswer answer = exchange(server("github"), 200, "access_token=aa&scope=repo%2Cworkflow",
                                      "application/x-www-form-urlencoded");
  ASSERT_TRUE(answer.tokens);
  EXPECT_THAT(answer.tokens->scopes, ElementsAre("repo", "workflow"));
}

TEST_F(OAuthClientTest, BitbucketsOldSpellingOfScopesIsRead) {
  const TokenAnswer answer =
      exchange(server("bitbucket"), 200, R"({"access_token":"aa","scopes":"account repository:write"})");
  ASSERT_TRUE(answer.tokens);
  EXPECT_THAT(answer.tokens->scopes, ElementsAre("account", "repository:write"));
}

TEST_F(OAuthClientTest, GitLabLiesBelowItsSubPath) {
  const OAuthServer asked = server("gitlab-self-managed");
  EXPECT_EQ(asked.endpoints.token, "https://git.example/sub/oauth/token");
  EXPECT_EQ(asked.endpoints.issuer, "https://git.example/sub");
  EXPECT_EQ(asked.app_page.url, "https://git.example/sub/-/user_settings/applications");
}

TEST_F(OAuthClientTest, EntraAsksTheTenantThatIsSet) {
  EXPECT_EQ(server("azure-devops").endpoints.token,
            "https://login.microsoftonline.com/organizations/oauth2/v2.0/token");
  EXPECT_EQ(server("azure-devops", "contoso.example").endpoints.authorize,
            "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize");
}

// What Entra says, and what the person is told.
struct EntraCase {
  const char *name, *error, *description;
  Errc code;
  const char* told;
};

class EntraRefusal : public OAuthClientTest, public testing::WithParamInterface<EntraCase> {
 public:
  static const EntraCase& entra() { return testing::WithParamInterface<EntraCase>::GetParam(); }
};

const EntraCase entra_cases[] = {
    {"AdminConsent", "invalid_grant", "AADSTS65001: The user or administrator has not consented.",
     Errc::sign_in_denied, "administrator"},
    {"AdminApproval", "access_denied", "AADSTS90094: The grant requires admin permission.",
     Errc::sign_in_denied, "administrator"},
    {"ConditionalAccess", "invalid_grant",
     "AADSTS53003: Access has been blocked by Conditional Access policies.", Errc::sign_in_denied,
     "Conditional Access"},
    {"AnotherTenant", "invalid_grant",
     "AADSTS50020: User account from identity provider does not exist in tenant.", Errc::sign_in_denied,
     "tenant"},
    {"PersonalAccount", "invalid_request", "AADSTS500200: User account is a personal Microsoft account.",
     Errc::sign_in_denied, "personal Microsoft account"},
    {"GuestFromLive", "invalid_grant",
     "AADSTS50020: User account from identity provider 'live.com' does not exist in tenant.",
     Errc::sign_in_denied, "personal Microsoft account"},
    {"Declined", "access_denied", "AADSTS65004: User declined to consent.", Errc::sign_in_denied, "declined"},
    {"WrongApp", "unauthorized_client", "AADSTS700016: Application was not found.", Errc::oauth_app_missing,
     "tenant"},
    {"NotPublic", "invalid_client", "AADSTS7000218: The request body must contain client_secret.",
     Errc::oauth_app_missing, "public client"},
};

INSTANTIATE_TEST_SUITE_P(OAuth, EntraRefusal, testing::ValuesIn(entra_cases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(EntraRefusal, IsToldInThePersonsWords) {
  RedirectAnswer answer{.code = {},
                        .error = entra().error,
                        .description = std::string(entra().description) + " Trace ID: 4711-trace"};
  const Error error = OAuthClient::authorization_error(server("azure-devops"), answer);
  EXPECT_EQ(error.code, entra().code);
  EXPECT_THAT(error.message, HasSubstr(entra().told));
  EXPECT_EQ((error.message + error.hint).find("4711-trace"), std::string::npos);
}

TEST_F(OAuthClientTest, AdminConsentComesWithItsAddress) {
  OAuthServer asked = server("azure-devops", "contoso.example");
  const RedirectAnswer answer{.code = {}, .error = "consent_required", .description = ""};
  const Error error = OAuthClient::authorization_error(asked, answer);
  EXPECT_EQ(error.url, "https://login.microsoftonline.com/contoso.example/adminconsent?client_id=the-id");
  EXPECT_THAT(error.hint, HasSubstr(error.url));
}

TEST_F(OAuthClientTest, ARenewalThatWantsThePersonIsRejected) {
  const TokenAnswer answer =
      refresh(server("azure-devops"), 400,
              R"({"error":"interaction_required","error_description":"AADSTS50076: MFA"})");
  EXPECT_EQ(answer.error.code, Errc::token_rejected);
  EXPECT_THAT(answer.error.hint, HasSubstr("--sign-in"));
}

TEST_F(OAuthClientTest, ADeviceCodeIsWaitedFor) {
  const OAuthServer asked = server("gitlab");
  client.on(
      asked.endpoints.device, 200,
      R"({"device_code":"dd","user_code":"ABCD","verification_uri":"https://gitlab.com/oauth/device",)"
      R"("verification_uri_complete":"https://gitlab.com/oauth/device?user_code=ABCD","expires_in":300,"interval":5})");
  const Result<DeviceCode> device = loop.run(oauth.start_device(asked));
  ASSERT_THAT(device, Succeeds());
  EXPECT_EQ(device->expires_in, std::chrono::seconds(300));
  EXPECT_EQ(device->verification_uri_complete, "https://gitlab.com/oauth/device?user_code=ABCD");

  client.on(asked.endpoints.token, 400, R"({"error":"authorization_pending"})");
  EXPECT_TRUE(loop.run(oauth.poll_device(asked, *device)).pending);
  client.on(asked.endpoints.token, 400, R"({"error":"slow_down"})");
  loop.run(oauth.poll_device(asked, *device));
  const DevicePoll slower = loop.run(oauth.poll_device(asked, *device));
  EXPECT_EQ(slower.slower, std::chrono::seconds(10));
}

TEST_F(OAuthClientTest, ADeviceCodeThatLeadsElsewhereIsNoneThatIsShown) {
  const OAuthServer asked = server("gitlab");
  client.on(asked.endpoints.device, 200,
            R"json({"device_code":"dd","user_code":"ABCD","verification_uri":"javascript:alert(1)"})json");
  EXPECT_THAT(loop.run(oauth.start_device(asked)), FailsWith(Errc::forge_error));
}

TEST_F(OAuthClientTest, EntraDeclinesADeviceCodeInItsOwnWord) {
  const OAuthServer asked = server("azure-devops");
  client.on(asked.endpoints.token, 400, R"({"error":"authorization_declined"})");
  const DeviceCode device{
      .device_code = oauth_secret("dd"), .user_code = "A", .verification_uri = "https://x.example"};
  const DevicePoll poll = loop.run(oauth.poll_device(asked, device));
  EXPECT_FALSE(poll.pending);
  EXPECT_EQ(poll.answer.error.code, Errc::sign_in_denied);
}

TEST_F(OAuthClientTest, GitLabRevokesByTheAppThatAsked) {
  const OAuthServer asked = server("gitlab");
  client.on(asked.endpoints.revoke, 200, "{}");
  EXPECT_THAT(loop.run(oauth.revoke(asked, oauth_secret("tt"))), Succeeds());
  EXPECT_THAT(client.asked[0].form, Contains(Pair("client_id", "the-id")));
  EXPECT_THAT(client.asked[0].form, Contains(Pair("token", "tt")));
}

TEST_F(OAuthClientTest, AnotherAppsTokenIsNotRevoked) {
  const OAuthServer asked = server("gitlab");
  client.on(asked.endpoints.revoke, 403, R"({"error":"unauthorized_client"})");
  EXPECT_THAT(loop.run(oauth.revoke(asked, oauth_secret("tt"))), FailsWith(Errc::forge_error));
}

}  // namespace
}  // namespace forgelink
