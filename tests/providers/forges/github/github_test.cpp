// SPDX-License-Identifier: MIT
#include <ctime>

#include "tests/providers/forges/forge_fixture.hpp"

namespace forgelink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* github_user_url = "https://api.github.com/user";
constexpr const char* github_user =
    R"({"login": "octo-dev", "id": 1234567, "type": "User", "name": "Octo Dev", "email": null})";

class GitHub : public ForgeFixture {
 protected:
  GitHub() : ForgeFixture("github") {}
};

TEST_F(GitHub, TellsAccountScopesAndExpiryOfAClassicToken) {
  client.on(github_user_url,
            json_reply(github_user, {{"x-oauth-scopes", "repo, workflow, user:email"},
                                     {"github-authentication-token-expiration", "2027-02-01 00:00:00 UTC"}}));
  client.on("https://api.github.com/user/emails",
            json_reply(R"([{"email": "old@example.org", "primary": false, "verified": true},
                           {"email": "dev@example.org", "primary": true, "verified": true},
                           {"email": "no@example.org", "primary": false, "verified": false}])"));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_TRUE(said->settled);
  EXPECT_EQ(said->account->id, "1234567");
  EXPECT_EQ(said->account->login, "octo-dev");
  EXPECT_EQ(said->account->display_name, "Octo Dev");
  EXPECT_EQ(said->account->email, "dev@example.org");
  EXPECT_THAT(said->account->own_emails, ElementsAre("old@example.org", "dev@example.org"));
  EXPECT_THAT(*said->scopes, ElementsAre("repo", "workflow", "user:email"));
  EXPECT_THAT(said->missing_scopes, IsEmpty());
  EXPECT_THAT(said->excess_scopes, IsEmpty());
  EXPECT_EQ(rfc3339(*said->expires_at), "2027-02-01T00:00:00Z");
}

TEST_F(GitHub, AsksAsTheApiWantsToBeAsked) {
  client.on(github_user_url, json_reply(github_user));
  ASSERT_THAT(verify(), Succeeds());
  const auto& request = client.asked.at(0);
  EXPECT_EQ(request.url, github_user_url);
  EXPECT_EQ(request.connection, target.connection);
  EXPECT_EQ(request.scheme, http::Authorization::Scheme::bearer);
  EXPECT_EQ(request.token, a_token);
  EXPECT_TRUE(request.follow_within_origin);
  EXPECT_THAT(request.headers, ElementsAre(std::pair("Accept", "application/vnd.github+json"),
                                           std::pair("X-GitHub-Api-Version", "2026-03-10")));
}

TEST_F(GitHub, AnAbsentOrEmptyScopeHeaderIsNotToldRatherThanNoRights) {
  for (const char* header : {"", " "}) {
    ScriptedHttpClient fine_grained;
    fine_grained.on(
        github_user_url,
        json_reply(github_user, {{"x-oauth-scopes", header},
                                 {"github-authentication-token-expiration", "2027-03-01 09:00:00 +0900"}}));
    const auto said = loop.run(provider.verify(fine_grained, target));
    ASSERT_THAT(said, Succeeds());
    EXPECT_FALSE(said->scopes);
    EXPECT_THAT(said->missing_scopes, IsEmpty());
    EXPECT_EQ(rfc3339(*said->expires_at), "2027-03-01T00:00:00Z");
    EXPECT_EQ(fine_grained.asked.size(), 1U) << "the addresses are not asked for without the scope";
  }
}

TEST_F(GitHub, AnExpiryThatNobodyCanReadIsNone) {
  client.on(github_user_url,
            json_reply(github_user, {{"github-authentication-token-expiration", "next Tuesday UTC"}}));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->expires_at);
}

TEST_F(GitHub, TooFewAndTooWideScopesAreNamed) {
  client.on(github_user_url,
            json_reply(github_user, {{"x-oauth-scopes", "public_repo, delete_repo, admin:org"}}));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_THAT(said->missing_scopes, ElementsAre("repo"));
  EXPECT_THAT(said->excess_scopes, ElementsAre("delete_repo", "admin:org"));
}

TEST_F(GitHub, ARefusedListOfAddressesChangesNothing) {
  client.on(github_user_url, json_reply(github_user, {{"x-oauth-scopes", "repo, user"}}));
  client.on("https://api.github.com/user/emails", json_reply(404, R"({"message": "Not Found"})"));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->account->email);
}

TEST_F(GitHub, ARefusalSaysWhy) {
  Error error = refusal(github_user_url, json_reply(401, R"({"message": "Bad credentials"})"));
  EXPECT_THAT(error, Refuses(Errc::token_rejected));
  EXPECT_THAT(error.url, HasSubstr("/settings/tokens/new?scopes=repo%2Cworkflow"));

  error = refusal(github_user_url,
                  json_reply(403, R"({"message": "Resource protected by organization SAML enforcement."})",
                             {{"x-github-sso", "required; url=https://github.com/orgs/o/sso?x=1; more=2"}}));
  EXPECT_THAT(error, Refuses(Errc::sso_required));
  EXPECT_EQ(error.url, "https://github.com/orgs/o/sso?x=1");
  error = refusal(github_user_url,
                  json_reply(403, "{}", {{"x-github-sso", "required; url=javascript:alert(1)"}}));
  EXPECT_THAT(error, Refuses(Errc::sso_required));
  EXPECT_EQ(error.url, "");

  error =
      refusal(github_user_url,
              json_reply(403, R"({"message": "Resource not accessible by personal access token"})",
                         {{"x-accepted-github-permissions", "contents=read,metadata=read; issues=read"}}));
  EXPECT_THAT(error, Refuses(Errc::scope_missing));
  EXPECT_EQ(error.details.at("required"),
            (boost::json::array{"contents=read", "metadata=read", "issues=read"}));
  error = refusal(github_user_url,
                  json_reply(403, R"({"message": "Resource not accessible by personal access token"})"));
  EXPECT_THAT(error, Refuses(Errc::scope_missing));

  error = refusal(github_user_url,
                  json_reply(403, R"({"message": "Must have admin rights."})",
                             {{"x-accepted-oauth-scopes", "admin:org, repo"}, {"x-oauth-scopes", "gist"}}));
  EXPECT_THAT(error, Refuses(Errc::scope_missing));
  EXPECT_EQ(error.details.at("granted"), (boost::json::array{"gist"}));

  // The header comes with every answer: a scope that is there is not what is missing.
  error =
      refusal(github_user_url, json_reply(403, R"({"message": "Sorry. Your account was suspended."})",
                                          {{"x-accepted-oauth-scopes", "repo"}, {"x-oauth-scopes", "repo"}}));
  EXPECT_THAT(error, Refuses(Errc::forge_error));
  EXPECT_THAT(error.message, HasSubstr("account was suspended"));

  error = refusal(
      github_user_url,
      json_reply(
          403,
          R"({"message": "`o` forbids access via a personal access token (classic). Please use another."})"));
  EXPECT_THAT(error, Refuses(Errc::forge_error));
  EXPECT_THAT(error.hint, HasSubstr("fine-grained"));
  EXPECT_THAT(error.url, HasSubstr("personal-access-tokens/new"));
}

TEST_F(GitHub, WhatTheOrganizationsRulesForbidIsNotAMissingScope) {
  // Answers to fine-grained tokens carry this header whatever the reason.
  const std::map<std::string, std::string, std::less<>> always = {
      {"x-accepted-github-permissions", "metadata=read"}};
  const std::string correct =
      "Although you appear to have the correct authorization credentials, the `o` organization has ";
  Error error = refusal(github_user_url,
                        json_reply(403,
                                   R"({"message": ")" + correct +
                                       R"(an IP allow list enabled, and your IP address is not permitted."})",
                                   always));
  EXPECT_THAT(error, Refuses(Errc::forge_error));
  EXPECT_THAT(error.message, HasSubstr("this network"));
  error = refusal(
      github_user_url,
      json_reply(403,
                 R"({"message": ")" + correct +
                     R"(enabled OAuth App access restrictions, meaning that data access is limited."})"));
  EXPECT_THAT(error, Refuses(Errc::forge_error));
  EXPECT_EQ(error.url, "https://github.com/settings/applications");
  error = refusal(
      github_user_url,
      json_reply(
          403,
          R"({"message": "The 'o' organization forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 366 days. Please adjust your token's lifetime at the following URL: https://github.com/settings/personal-access-tokens/17"})",
          always));
  EXPECT_THAT(error, Refuses(Errc::forge_error));
  EXPECT_EQ(error.url, "https://github.com/settings/personal-access-tokens/17");
  EXPECT_THAT(error.hint, HasSubstr("end"));
}

TEST_F(GitHub, ADisabledRepositoryIsSaidToBe) {
  const std::string body =
      R"({"message": "Repository access blocked", "block": {"reason": "tos", "html_url": "https://github.com/tos"}})";
  for (const unsigned status : {403U, 451U}) {
    const Error error = refusal(github_user_url, json_reply(status, body));
    EXPECT_THAT(error, Refuses(Errc::forge_error));
    EXPECT_THAT(error.message, HasSubstr("disabled this repository: tos"));
    EXPECT_EQ(error.url, "https://github.com/tos");
  }
}

TEST_F(GitHub, RateLimitsAreToldWithTheTimeToWait) {
  Error error =
      refusal(github_user_url, json_reply(429, R"({"message": "slow down"})", {{"retry-after", "90"}}));
  EXPECT_THAT(error, Refuses(Errc::rate_limited));
  EXPECT_EQ(error.retry_after, std::chrono::seconds(90));
  error = refusal(github_user_url,
                  json_reply(403, R"({"message": "You have exceeded a secondary rate limit."})"));
  EXPECT_THAT(error, Refuses(Errc::rate_limited));
  EXPECT_EQ(error.retry_after, std::chrono::seconds(60));
  error = refusal(github_user_url, json_reply(403, R"({"message": "API rate limit exceeded for user"})",
                                              {{"x-ratelimit-remaining", "0"}}));
  EXPECT_THAT(error, Refuses(Errc::rate_limited));
  error = refusal(
      github_user_url,
      json_reply(403,
                 R"({"message": "Maximum number of login attempts exceeded. Please try again later."})"));
  EXPECT_THAT(error, Refuses(Errc::rate_limited));
}

TEST_F(GitHub, WhatIsNoAnswerIsAForgeError) {
  EXPECT_THAT(refusal(github_user_url, html_reply(200)), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(github_user_url, html_reply(502)), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(github_user_url, json_reply(std::string(github_user, 20))), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(github_user_url, json_reply("[]")), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(github_user_url, json_reply(R"({"login": 7, "id": "x"})")), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(github_user_url, json_reply(R"({"login": null, "id": null})")),
              Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(github_user_url, json_reply(R"({"login": "x", "id": 1e999})")),
              Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(github_user_url, json_reply(std::string(1000, '['))), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(github_user_url, reply_of(204, "")), Refuses(Errc::forge_error));
  const Error moved =
      refusal(github_user_url, reply_of(301, "", {{"location", "https://elsewhere.example/x"}}));
  EXPECT_THAT(moved, Refuses(Errc::forge_error));
  EXPECT_THAT(moved.message, HasSubstr("https://elsewhere.example"));
}

TEST_F(GitHub, AServerThatRepeatsTheTokenDoesNotBringItIntoTheError) {
  const std::string echo = R"({"message": "you said )" + std::string(a_token) + R"("})";
  for (const unsigned status : {400U, 403U, 500U})
    EXPECT_THAT(refusal(github_user_url, json_reply(status, echo)).message,
                ::testing::Not(HasSubstr(std::string(a_token))));
}

TEST_F(GitHub, ALongMessageIsCutAtACharacter) {
  std::string words = "x";
  for (int i = 0; i < 200; ++i) words += "€";
  const Error error = refusal(github_user_url, json_reply(403, R"({"message": ")" + words + R"("})"));
  EXPECT_EQ(error.message, "GitHub refuses this: " + words.substr(0, 298) + ".");
}

TEST_F(GitHub, ATroubledNetworkPassesThrough) {
  client.on(github_user_url, Error{.code = Errc::forge_unreachable, .message = "No way."});
  EXPECT_THAT(verify(), FailsWith(Errc::forge_unreachable));
}

TEST_F(GitHub, GitGetsItsRootsAndANameForTheKindOfToken) {
  EXPECT_THAT(provider.git_roots(target),
              ElementsAre("https://github.com", "https://gist.github.com", "https://www.github.com"));
  EXPECT_EQ(provider.git_login(target).username, "x-access-token");
  target.login = "octo-dev";
  EXPECT_EQ(provider.git_login(target).username, "octo-dev");
  target.oauth = true;
  EXPECT_EQ(provider.git_login(target).username, "x-access-token");
  endpoints.replace("github", "web", "https://git.test");
  EXPECT_THAT(provider.git_roots(target), ElementsAre("https://git.test"));
}

std::string header_date(std::chrono::seconds from_now) {
  const std::time_t at = std::time(nullptr) + from_now.count();
  char text[64];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", std::gmtime(&at));
  return text;
}

TEST_F(GitHub, AnEndThatIsPastIsIgnoredWhenTheTokenWasJustTaken) {
  for (const auto from_now : {std::chrono::seconds(0), std::chrono::seconds(-86400)}) {
    ScriptedHttpClient taken;
    taken.on(github_user_url,
             json_reply(R"({"login": "octo-dev", "id": 7, "email": "e@example.org"})",
                        {{"github-authentication-token-expiration", header_date(from_now)}}));
    const auto said = loop.run(provider.verify(taken, target));
    ASSERT_THAT(said, Succeeds());
    EXPECT_FALSE(said->expires_at);
  }
}

TEST_F(GitHub, AnInstallationTokenHasNoUserAndIsSavedUnverified) {
  use("ghs_0123456789012345678901234567890123456789");
  client.on(github_user_url, json_reply(403, R"({"message": "Resource not accessible by integration"})"));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->settled);
  EXPECT_FALSE(said->account);
  EXPECT_THAT(*said->hint, HasSubstr("installation"));
}

TEST_F(GitHub, ADeadInstallationTokenIsRefused) {
  use("ghs_0123456789012345678901234567890123456789");
  client.on(github_user_url, json_reply(401, R"({"message": "Bad credentials"})"));
  EXPECT_THAT(verify(), FailsWith(Errc::token_rejected));
}

TEST_F(GitHub, ANameThatIsTheTokenIsNotTold) {
  client.on(github_user_url,
            json_reply(R"({"login": "octo-dev", "id": 7, "email": "e@example.org", "name": ")" +
                       std::string(a_token) + R"("})"));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_EQ(said->account->display_name, "…");
}

}  // namespace
}  // namespace forgelink
