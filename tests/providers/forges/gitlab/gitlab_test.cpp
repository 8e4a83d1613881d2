// SPDX-License-Identifier: MIT
#include "tests/providers/forges/gitlab/gitlab_fixture.hpp"

#include <ctime>

namespace forgelink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(GitLab, AsksTheTokenFirstAndThenWhoseItIs) {
  client.on(self_url, json_reply(a_self));
  client.on(gitlab_user_url, json_reply(gitlab_user));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_THAT(client.urls(), ElementsAre(self_url, gitlab_user_url));
  EXPECT_EQ(client.asked.at(0).scheme, http::Authorization::Scheme::private_token);
  EXPECT_EQ(client.asked.at(0).connection, target.connection);
  EXPECT_TRUE(client.asked.at(0).follow_within_origin);
  EXPECT_EQ(said->account->id, "42");
  EXPECT_EQ(said->account->login, "octo-dev");
  EXPECT_EQ(said->account->email, "dev@example.org");
  EXPECT_THAT(said->account->own_emails, ElementsAre("dev@example.org", "commits@example.org"));
  EXPECT_THAT(*said->scopes, ElementsAre("read_api", "write_repository"));
  EXPECT_THAT(said->missing_scopes, IsEmpty());
  EXPECT_THAT(said->excess_scopes, IsEmpty());
  EXPECT_EQ(rfc3339(*said->expires_at), "2027-11-20T00:00:00Z") << "it dies at the first second of its date";
}

TEST_F(GitLab, ATokenThatMayOnlyPushIsGoodWithTooFewScopes) {
  client.on(self_url, json_reply(R"({"scopes": ["write_repository"], "expires_at": null})"));
  client.on(
      gitlab_user_url,
      json_reply(403,
                 R"({"error": "insufficient_scope", "error_description": "no", "scope": "api read_api"})"));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_TRUE(said->settled);
  EXPECT_FALSE(said->account);
  EXPECT_FALSE(said->expires_at);
  EXPECT_THAT(said->missing_scopes, ElementsAre("read_api"));
}

TEST_F(GitLab, AGranularTokenIsNotJudgedByItsScopes) {
  client.on(self_url, json_reply(R"({"scopes": ["whatever"], "granular": true})"));
  client.on(gitlab_user_url, json_reply(gitlab_user));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->scopes);
  EXPECT_THAT(said->missing_scopes, IsEmpty());
}

TEST_F(GitLab, AllOfTheApiIsMoreThanNeeded) {
  client.on(self_url, json_reply(R"({"scopes": ["api", "sudo"]})"));
  client.on(gitlab_user_url, json_reply(gitlab_user));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_THAT(said->missing_scopes, IsEmpty());
  EXPECT_THAT(said->excess_scopes, ElementsAre("api", "sudo"));
}

TEST_F(GitLab, WhatIsNoPersonalTokenAndWhatIsTooOldToTellStillHasAnAccount) {
  for (const unsigned status : {400U, 404U}) {
    ScriptedHttpClient scripted;
    scripted.on(
        self_url,
        json_reply(
            status,
            R"({"message": "400 Bad request - This endpoint requires token type to be a personal access token"})"));
    scripted.on(gitlab_user_url, json_reply(gitlab_user));
    const auto said = loop.run(provider.verify(scripted, target));
    ASSERT_THAT(said, Succeeds());
    EXPECT_EQ(said->account->login, "octo-dev");
    EXPECT_FALSE(said->scopes);
  }
}

TEST_F(GitLab, ARefusalSaysWhy) {
  for (const char* body : {R"({"message": "401 Unauthorized"})",
                           R"({"error": "invalid_token", "error_description": "Token is expired."})", ""}) {
    const Error error = refusal(self_url, json_reply(401, body));
    EXPECT_THAT(error, Refuses(Errc::token_rejected));
    EXPECT_EQ(error.url, gitlab_root +
                             "/-/user_settings/"
                             "personal_access_tokens?name=Forgelink&description=Forgelink%20on%20this%"
                             "20computer&scopes=read_user%2Cread_api%2Cwrite_repository%2Cself_rotate");
  }
  EXPECT_THAT(refusal(self_url, json_reply(R"({"revoked": true})")), Refuses(Errc::token_rejected));

  const Error limited = refusal(
      self_url, reply_of(429, "Retry later", {{"content-type", "text/plain"}, {"retry-after", "30"}}));
  EXPECT_THAT(limited, Refuses(Errc::rate_limited));
  EXPECT_EQ(limited.retry_after, std::chrono::seconds(30));
  EXPECT_THAT(refusal(self_url, reply_of(429, "Retry later", {{"content-type", "text/plain"}})),
              Refuses(Errc::rate_limited));

  client.on(gitlab_api + "/projects",
            json_reply(403, R"({"error": "insufficient_scope", "scope": "api read_api"})"));
  const auto listed = repositories();
  ASSERT_THAT(listed, FailsWith(Errc::scope_missing));
  const Error scope = listed.error();
  EXPECT_THAT(scope, Refuses(Errc::scope_missing));
  EXPECT_EQ(scope.details.at("required"), (boost::json::array{"api", "read_api"}));
}

TEST_F(GitLab, ABlockedAccountIsSaidToBe) {
  client.on(self_url, json_reply(a_self));
  client.on(gitlab_user_url,
            json_reply(403, R"({"message": "403 Forbidden - Your account has been blocked."})"));
  const auto forbidden = verify();
  ASSERT_THAT(forbidden, FailsWith(Errc::forge_error));
  EXPECT_THAT(forbidden.error(), Refuses(Errc::forge_error));
  EXPECT_THAT(forbidden.error().message, HasSubstr("blocked"));

  ScriptedHttpClient scripted;
  scripted.on(self_url, json_reply(a_self));
  scripted.on(gitlab_user_url, json_reply(R"({"id": 42, "username": "x", "state": "deactivated"})"));
  const auto inactive = loop.run(provider.verify(scripted, target));
  ASSERT_THAT(inactive, FailsWith(Errc::forge_error));
  EXPECT_THAT(inactive.error().message, HasSubstr("deactivated"));
}

TEST_F(GitLab, AWrongRootIsNamed) {
  for (http::Reply reply : {html_reply(404), html_reply(200)}) {
    const Error error = refusal(self_url, std::move(reply));
    EXPECT_THAT(error, Refuses(Errc::forge_error));
    EXPECT_THAT(error.message, HasSubstr(gitlab_root));
    EXPECT_THAT(error.hint, HasSubstr("path"));
  }
  const Error moved = refusal(self_url, reply_of(301, "", {{"location", "https://new.example/api/v4"}}));
  EXPECT_THAT(moved, Refuses(Errc::forge_error));
  EXPECT_THAT(moved.message, HasSubstr("https://new.example"));
}

TEST_F(GitLab, WhatIsNoAnswerIsAForgeError) {
  for (const char* body :
       {"", "{", "[]", "null", R"({"id": null})", R"({"id": {}})", R"({"id": 12345678901234567890123})"}) {
    ScriptedHttpClient scripted;
    scripted.on(self_url, json_reply(a_self));
    scripted.on(gitlab_user_url, json_reply(body));
    EXPECT_THAT(loop.run(provider.verify(scripted, target)), FailsWith(Errc::forge_error)) << body;
  }
  EXPECT_THAT(refusal(self_url, json_reply("{\"scopes\": [")), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(self_url, html_reply(503)), Refuses(Errc::forge_error));
}

TEST_F(GitLab, WithoutAnAddressNothingIsAsked) {
  target.server_url.reset();
  EXPECT_THAT(verify(), FailsWith(Errc::server_url_required));
  EXPECT_THAT(repositories(), FailsWith(Errc::server_url_required));
  EXPECT_THAT(commits("a/b"), FailsWith(Errc::server_url_required));
  EXPECT_THAT(client.asked, IsEmpty());
  EXPECT_THAT(provider.git_roots(target), IsEmpty());
  EXPECT_THAT(provider.token_page(target), HasSubstr("{server_url}/-/user_settings"));
}

TEST_F(GitLab, WhatAnAccountCanSetRightItselfIsSaidWithThePage) {
  const auto said = [&](const std::string& words) {
    return refusal(self_url, json_reply(403, R"({"message": "403 Forbidden - )" + words + R"("})"));
  };
  Error error = said("You (@octo-dev) must accept the Terms of Service in order to perform this action.");
  EXPECT_THAT(error, Refuses(Errc::forge_error));
  EXPECT_THAT(error.url, testing::EndsWith("/-/users/terms"));
  error = said("Your password expired. Please access GitLab from a web browser to update your password.");
  EXPECT_THAT(error.url, testing::EndsWith("/users/sign_in"));
  error = said("Your account is pending approval from your GitLab administrator and hence blocked.");
  EXPECT_THAT(error.message, HasSubstr("pending approval"));
  EXPECT_THAT(error.hint, HasSubstr("administrator"));
}

TEST_F(GitLab, AFineGrainedTokenThatMayNotReadOfItselfIsGood) {
  client.on(gitlab_api + "/personal_access_tokens/self",
            json_reply(403, R"({"error": "insufficient_scope", "scope": "x"})"));
  client.on(gitlab_user_url, json_reply(gitlab_user));
  EXPECT_THAT(verify(), Succeeds());
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

TEST_F(GitLab, AnEndOfTodayIsIgnoredWhileTheTokenIsActive) {
  client.on(self_url,
            json_reply(R"({"active": true, "scopes": ["api"], "expires_at": ")" + today() + R"("})"));
  client.on(gitlab_user_url, json_reply(gitlab_user));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->expires_at);
}

// Neither of these two has a place in a clock's nanoseconds.
TEST_F(GitLab, AnEndInTheYear9999IsReadAsWritten) {
  client.on(self_url, json_reply(R"({"active": true, "scopes": ["api"], "expires_at": "9999-12-31"})"));
  client.on(gitlab_user_url, json_reply(gitlab_user));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  ASSERT_TRUE(said->expires_at);
  EXPECT_EQ(rfc3339(*said->expires_at), "9999-12-31T00:00:00Z");
}

TEST_F(GitLab, AnEndInTheMiddleAgesIsIgnoredWhileTheTokenIsActive) {
  client.on(self_url, json_reply(R"({"active": true, "scopes": ["api"], "expires_at": "1013-11-20"})"));
  client.on(gitlab_user_url, json_reply(gitlab_user));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->expires_at);
}

}  // namespace
}  // namespace forgelink
