#include "tests/providers/forges/forge_fixture.hpp"

namespace forgelink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* user_url = "https://api.github.com/user";
constexpr const char* a_user =
    R"({"login": "octo-dev", "id": 1234567, "type": "User", "name": "Octo Dev", "email": null})";

class GitHub : public ForgeFixture {
 protected:
  GitHub() : ForgeFixture("github") {}
};

TEST_F(GitHub, TellsAccountScopesAndExpiryOfAClassicToken) {
  client.on(user_url,
            json_reply(a_user, {{"x-oauth-scopes", "repo, workflow, user:email"},
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
  client.on(user_url, json_reply(a_user));
  ASSERT_THAT(verify(), Succeeds());
  const auto& request = client.asked.at(0);
  EXPECT_EQ(request.url, user_url);
  EXPECT_EQ(request.connection, target.connection);
  EXPECT_EQ(request.scheme, http::Authorization::Scheme::bearer);
  EXPECT_EQ(request.token, a_token);
  EXPECT_FALSE(request.follow_within_origin);
  EXPECT_THAT(request.headers, ElementsAre(std::pair("Accept", "application/vnd.github+json"),
                                           std::pair("X-GitHub-Api-Version", "2026-03-10")));
}

TEST_F(GitHub, AnAbsentOrEmptyScopeHeaderIsNotToldRatherThanNoRights) {
  for (const char* header : {"", " "}) {
    ScriptedHttpClient fine_grained;
    fine_grained.on(
        user_url,
        json_reply(a_user, {{"x-oauth-scopes", header},
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
  client.on(user_url, json_reply(a_user, {{"github-authentication-token-expiration", "next Tuesday UTC"}}));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->expires_at);
}

TEST_F(GitHub, TooFewAndTooWideScopesAreNamed) {
  client.on(user_url, json_reply(a_user, {{"x-oauth-scopes", "public_repo, delete_repo, admin:org"}}));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_THAT(said->missing_scopes, ElementsAre("repo"));
  EXPECT_THAT(said->excess_scopes, ElementsAre("delete_repo", "admin:org"));
}

TEST_F(GitHub, ARefusedListOfAddressesChangesNothing) {
  client.on(user_url, json_reply(a_user, {{"x-oauth-scopes", "repo, user"}}));
  client.on("https://api.github.com/user/emails", json_reply(404, R"({"message": "Not Found"})"));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->account->email);
}

TEST_F(GitHub, ARefusalSaysWhy) {
  Error error = refusal(user_url, json_reply(401, R"({"message": "Bad credentials"})"));
  EXPECT_THAT(error, Refuses(Errc::token_rejected));
  EXPECT_THAT(error.url, HasSubstr("/settings/tokens/new?scopes=repo%2Cworkflow"));

  error = refusal(user_url,
                  json_reply(403, R"({"message": "Resource protected by organization SAML enforcement."})",
                             {{"x-github-sso", "required; url=https://github.com/orgs/o/sso?x=1; more=2"}}));
  EXPECT_THAT(error, Refuses(Errc::sso_required));
  EXPECT_EQ(error.url, "https://github.com/orgs/o/sso?x=1");
  error = refusal(user_url, json_reply(403, "{}", {{"x-github-sso", "required; url=javascript:alert(1)"}}));
  EXPECT_THAT(error, Refuses(Errc::sso_required));
  EXPECT_EQ(error.url, "");

  error = refusal(
      user_url, json_reply(403, R"({"message": "Resource not accessible by personal access token"})",
                           {{"x-accepted-github-permissions", "contents=read,metadata=read; issues=read"}}));
  EXPECT_THAT(error, Refuses(Errc::scope_missing));
  EXPECT_EQ(error.details.at("required"),
            (boost::json::array{"contents=read", "metadata=read", "issues=read"}));
  error = refusal(user_url,
                  json_reply(403, R"({"message": "Resource not accessible by personal access token"})"));
  EXPECT_THAT(error, Refuses(Errc::scope_missing));

  error = refusal(user_url,
                  json_reply(403, R"({"message": "Must have admin rights."})",
                             {{"x-accepted-oauth-scopes", "admin:org, repo"}, {"x-oauth-scopes", "gist"}}));
  EXPECT_THAT(error, Refuses(Errc::scope_missing));
  EXPECT_EQ(error.details.at("granted"), (boost::json::array{"gist"}));

  // The header comes with every answer: a scope that is there is not what is missing.
  error = refusal(user_url, json_reply(403, R"({"message": "Sorry. Your account was suspended."})",
                                       {{"x-accepted-oauth-scopes", "repo"}, {"x-oauth-scopes", "repo"}}));
  EXPECT_THAT(error, Refuses(Errc::forge_error));
  EXPECT_THAT(error.message, HasSubstr("account was suspended"));

  error = refusal(
      user_url,
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
  Error error =
      refusal(user_url, json_reply(403,
                                   R"({"message": ")" + correct +
                                       R"(an IP allow list enabled, and your IP address is not permitted."})",
                                   always));
  EXPECT_THAT(error, Refuses(Errc::forge_error));
  EXPECT_THAT(error.message, HasSubstr("this network"));
  error = refusal(
      user_url,
      json_reply(403,
                 R"({"message": ")" + correct +
                     R"(enabled OAuth App access restrictions, meaning that data access is limited."})"));
  EXPECT_THAT(error, Refuses(Errc::forge_error));
  EXPECT_EQ(error.url, "https://github.com/settings/applications");
  error = refusal(
      user_url,
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
    const Error error = refusal(user_url, json_reply(status, body));
    EXPECT_THAT(error, Refuses(Errc::forge_error));
    EXPECT_THAT(error.message, HasSubstr("disabled this repository: tos"));
    EXPECT_EQ(error.url, "https://github.com/tos");
  }
}

TEST_F(GitHub, RateLimitsAreToldWithTheTimeToWait) {
  Error error = refusal(user_url, json_reply(429, R"({"message": "slow down"})", {{"retry-after", "90"}}));
  EXPECT_THAT(error, Refuses(Errc::rate_limited));
  EXPECT_EQ(error.retry_after, std::chrono::seconds(90));
  error = refusal(user_url, json_reply(403, R"({"message": "You have exceeded a secondary rate limit."})"));
  EXPECT_THAT(error, Refuses(Errc::rate_limited));
  EXPECT_EQ(error.retry_after, std::chrono::seconds(60));
  error = refusal(user_url, json_reply(403, R"({"message": "API rate limit exceeded for user"})",
                                       {{"x-ratelimit-remaining", "0"}}));
  EXPECT_THAT(error, Refuses(Errc::rate_limited));
  error = refusal(
      user_url,
      json_reply(403,
                 R"({"message": "Maximum number of login attempts exceeded. Please try again later."})"));
  EXPECT_THAT(error, Refuses(Errc::rate_limited));
}

TEST_F(GitHub, WhatIsNoAnswerIsAForgeError) {
  EXPECT_THAT(refusal(user_url, html_reply(200)), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(user_url, html_reply(502)), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(user_url, json_reply(std::string(a_user, 20))), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(user_url, json_reply("[]")), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(user_url, json_reply(R"({"login": 7, "id": "x"})")), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(user_url, json_reply(R"({"login": null, "id": null})")), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(user_url, json_reply(R"({"login": "x", "id": 1e999})")), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(user_url, json_reply(std::string(1000, '['))), Refuses(Errc::forge_error));
  EXPECT_THAT(refusal(user_url, reply_of(204, "")), Refuses(Errc::forge_error));
  const Error moved = refusal(user_url, reply_of(301, "", {{"location", "https://elsewhere.example/x"}}));
  EXPECT_THAT(moved, Refuses(Errc::forge_error));
  EXPECT_THAT(moved.message, HasSubstr("https://elsewhere.example"));
}

TEST_F(GitHub, AServerThatRepeatsTheTokenDoesNotBringItIntoTheError) {
  const std::string echo = R"({"message": "you said )" + std::string(a_token) + R"("})";
  for (const unsigned status : {400U, 403U, 500U})
    EXPECT_THAT(refusal(user_url, json_reply(status, echo)).message,
                ::testing::Not(HasSubstr(std::string(a_token))));
}

TEST_F(GitHub, ALongMessageIsCutAtACharacter) {
  std::string words = "x";
  for (int i = 0; i < 200; ++i) words += "€";
  const Error error = refusal(user_url, json_reply(403, R"({"message": ")" + words + R"("})"));
  EXPECT_EQ(error.message, "GitHub refuses this: " + words.substr(0, 298) + ".");
}

TEST_F(GitHub, ATroubledNetworkPassesThrough) {
  client.on(user_url, Error{.code = Errc::forge_unreachable, .message = "No way."});
  EXPECT_THAT(verify(), FailsWith(Errc::forge_unreachable));
}

constexpr const char* repos_url = "https://api.github.com/user/repos";
constexpr const char* a_repository =
    R"([{"id": 11, "name": "hello", "full_name": "octo-dev/hello", "private": true,
    "archived": true, "default_branch": "main", "clone_url": "https://github.com/octo-dev/hello.git",
    "ssh_url": "git@github.com:octo-dev/hello.git", "html_url": "https://github.com/octo-dev/hello",
    "pushed_at": "2026-11-01T10:00:00Z"}])";

TEST_F(GitHub, ListsRepositoriesToTheEnd) {
  const std::string second = std::string(repos_url) + "?page=2";
  client.on(repos_url,
            json_reply(a_repository, {{"link", "<" + second + ">; rel=\"next\", <x>; rel=\"last\""}}));
  client.on(
      second,
      json_reply(
          R"([{"id": 12, "full_name": "octo-dev/empty", "default_branch": null, "pushed_at": null}, {"id": null}, 7])",
          {{"link", "<" + std::string(repos_url) + "?page=1>; rel=\"prev\""}}));
  const auto first = repositories("", 500);
  ASSERT_THAT(first, Succeeds());
  ASSERT_EQ(first->items.size(), 1U);
  const Repository& hello = first->items[0];
  EXPECT_EQ(hello.id, "11");
  EXPECT_EQ(hello.path, "octo-dev/hello");
  EXPECT_EQ(hello.name, "hello");
  EXPECT_TRUE(hello.is_private);
  EXPECT_TRUE(hello.archived);
  EXPECT_EQ(hello.default_branch, "main");
  EXPECT_EQ(hello.clone_url, "https://github.com/octo-dev/hello.git");
  EXPECT_EQ(hello.ssh_url, "git@github.com:octo-dev/hello.git");
  EXPECT_EQ(hello.web_url, "https://github.com/octo-dev/hello");
  EXPECT_EQ(rfc3339(*hello.updated_at), "2026-11-01T10:00:00Z");
  EXPECT_FALSE(first->partial);
  EXPECT_EQ(first->next, second);
  EXPECT_THAT(client.urls().at(0),
              HasSubstr("per_page=100&affiliation=owner%2Ccollaborator%2Corganization_member"));

  const auto rest = repositories(first->next);
  ASSERT_THAT(rest, Succeeds());
  ASSERT_EQ(rest->items.size(), 1U) << "what is no repository is left out";
  EXPECT_EQ(rest->items[0].path, "octo-dev/empty");
  EXPECT_FALSE(rest->items[0].default_branch);
  EXPECT_EQ(rest->next, "");
}

TEST_F(GitHub, AListWithoutSingleSignOnIsPartial) {
  client.on(repos_url, json_reply("[]", {{"x-github-sso", "partial-results; organizations=1,2"}}));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_TRUE(page->partial);
}

TEST_F(GitHub, ANextLinkToAnotherOriginIsRefusedBeforeAnythingIsSentThere) {
  for (const char* evil :
       {"https://evil.example/user/repos?page=2", "http://api.github.com/user/repos?page=2",
        "https://api.github.com:8443/user/repos", "https://api.github.com@evil.example/",
        "/user/repos?page=2", "//evil.example/"}) {
    ScriptedHttpClient scripted;
    scripted.on(repos_url, json_reply(a_repository, {{"link", "<" + std::string(evil) + ">; rel=\"next\""}}));
    EXPECT_THAT(loop.run(provider.repositories(scripted, target, "", 100)), FailsWith(Errc::forge_error))
        << evil;
    EXPECT_EQ(scripted.asked.size(), 1U);
    EXPECT_THAT(loop.run(provider.repositories(scripted, target, evil, 100)), FailsWith(Errc::forge_error))
        << evil;
    EXPECT_THAT(loop.run(provider.commits(scripted, target, CommitQuery{"a/b", ""}, evil, 100)),
                FailsWith(Errc::forge_error))
        << evil;
    EXPECT_EQ(scripted.asked.size(), 1U) << evil;
  }
}

constexpr const char* commits_url = "https://api.github.com/repos/octo-dev/hello/commits";

TEST_F(GitHub, ListsCommitsWithTheirAuthors) {
  client.on(commits_url, json_reply(R"([
    {"sha": "6dcb", "html_url": "https://github.com/octo-dev/hello/commit/6dcb", "author": {"login": "octo-dev"},
     "commit": {"message": "Fix\r\n\nWith a body.", "author": {"name": "Octo Dev", "email": "dev@example.org", "date": "2026-11-01T12:00:00+02:00"}}},
    {"sha": "7a", "author": null, "commit": {"message": "Out", "author": {"name": "N", "email": "nobody@example.net", "date": "x"}}},
    {"sha": "7b", "author": {}, "commit": {"message": "Hid", "author": {"name": "", "email": "42+hidden-hand@users.noreply.github.com"}}},
    {"sha": "7c", "commit": {"message": null, "author": {"email": "older@users.noreply.github.com"}}},
    {"sha": "7d", "commit": {"author": {"email": "x@users.noreply.github.com.evil.example"}}},
    {"sha": "7e", "commit": null}, {"sha": 7}, null])"));
  const auto page = commits("octo-dev/hello", "feature/x", "", 20);
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(client.urls().at(0), std::string(commits_url) + "?per_page=20&sha=feature%2Fx");
  ASSERT_EQ(page->items.size(), 5U);
  const Commit& first = page->items[0];
  EXPECT_EQ(first.id, "6dcb");
  EXPECT_EQ(first.title, "Fix");
  EXPECT_EQ(first.message, "Fix\r\n\nWith a body.");
  EXPECT_EQ(first.author_name, "Octo Dev");
  EXPECT_EQ(first.author_email, "dev@example.org");
  EXPECT_EQ(first.author_username, "octo-dev");
  EXPECT_EQ(first.author_date, "2026-11-01T12:00:00+02:00");
  EXPECT_EQ(first.web_url, "https://github.com/octo-dev/hello/commit/6dcb");
  EXPECT_FALSE(page->items[1].author_username);
  EXPECT_EQ(page->items[2].author_username, "hidden-hand");
  EXPECT_FALSE(page->items[2].author_name);
  EXPECT_EQ(page->items[3].author_username, "older");
  EXPECT_FALSE(page->items[4].author_username);
}

TEST_F(GitHub, AnEmptyRepositoryHasNoCommits) {
  client.on(commits_url, json_reply(409, R"({"message": "Git Repository is empty."})"));
  const auto page = commits("https://github.com/octo-dev/hello");
  ASSERT_THAT(page, Succeeds());
  EXPECT_THAT(page->items, IsEmpty());
  EXPECT_EQ(page->next, "");
}

TEST_F(GitHub, AMissingBranchAndAMissingRepositoryAreNotFoundByName) {
  client.on(commits_url, json_reply(404, R"({"message": "Not Found"})"));
  const auto branch = commits("octo-dev/hello", "gone");
  ASSERT_THAT(branch, FailsWith(Errc::not_found));
  EXPECT_EQ(branch.error().field, "branch");
  EXPECT_THAT(branch.error().message, HasSubstr("gone"));
  const auto whole = commits("octo-dev/hello");
  ASSERT_THAT(whole, FailsWith(Errc::not_found));
  EXPECT_EQ(whole.error().field, "repository");
  EXPECT_THAT(whole.error().message, HasSubstr("not found or not visible to this token"));
}

TEST_F(GitHub, WhatIsHiddenBySingleSignOnOrForLackOfAScopeSaysSo) {
  client.on(commits_url,
            json_reply(404, "{}", {{"x-github-sso", "required; url=https://github.com/orgs/o/sso?x=1"}}));
  client.on(commits_url, json_reply(404, "{}", {{"x-oauth-scopes", "public_repo, gist"}}));
  client.on(commits_url, json_reply(404, "{}", {{"x-oauth-scopes", "repo"}}));
  const auto hidden = commits("octo-dev/hello");
  ASSERT_THAT(hidden, FailsWith(Errc::sso_required));
  EXPECT_THAT(hidden.error().url, HasSubstr("/orgs/o/sso"));
  const auto lacking = commits("octo-dev/hello");
  ASSERT_THAT(lacking, FailsWith(Errc::not_found));
  EXPECT_THAT(lacking.error().hint, HasSubstr("scope repo"));
  const auto gone = commits("octo-dev/hello");
  ASSERT_THAT(gone, FailsWith(Errc::not_found));
  EXPECT_EQ(gone.error().hint, "");
}

TEST_F(GitHub, PagesAreCountedFromTheNewestCommitOfTheFirst) {
  const std::string id(40, 'a'), old(40, 'b');
  client.on(
      commits_url + std::string("?per_page=1"),
      json_reply(R"([{"sha": ")" + id + R"(", "commit": {"message": "x"}}])",
                 {{"link",
                   "<https://api.github.com/repositories/7/commits?per_page=1&page=2>; rel=\"next\", "
                   "<https://api.github.com/repositories/7/commits?per_page=1&page=3>; rel=\"last\""}}));
  client.on("page=2&sha=" + id, json_reply(R"([{"sha": ")" + old + R"(", "commit": {"message": "y"}}])",
                                           {{"link", "<https://api.github.com/repositories/7/commits?sha=" +
                                                         id + "&page=3>; rel=\"next\""}}));
  const auto first = commits("octo-dev/hello", "", "", 1);
  ASSERT_THAT(first, Succeeds());
  EXPECT_EQ(first->next, "https://api.github.com/repositories/7/commits?per_page=1&page=2&sha=" + id);
  EXPECT_THAT(first->ahead,
              ElementsAre("https://api.github.com/repositories/7/commits?per_page=1&page=3&sha=" + id));
  const auto second = commits("octo-dev/hello", "", first->next, 1);
  ASSERT_THAT(second, Succeeds());
  EXPECT_EQ(second->next, "https://api.github.com/repositories/7/commits?sha=" + id + "&page=3")
      << "as the forge gives it";
}

TEST_F(GitHub, ANameThatIsAnAddressOfAnotherServerOrTooLongIsRefusedWithoutAQuestion) {
  for (const char* name :
       {"gitlab.com/octo-dev/hello", "group/sub/project", "https://gitlab.com/octo-dev/hello"})
    EXPECT_THAT(commits(name), FailsWith(Errc::invalid_params)) << name;
  EXPECT_TRUE(client.asked.empty());
}

TEST_F(GitHub, ARenamedRepositoryIsFollowedWithinItsOrigin) {
  client.on(commits_url, json_reply("[]"));
  ASSERT_THAT(commits("octo-dev/hello"), Succeeds());
  EXPECT_TRUE(client.asked.at(0).follow_within_origin);
}

TEST_F(GitHub, AnIdIsLookedUpInTheList) {
  client.on(repos_url, json_reply(a_repository));
  client.on(commits_url, json_reply("[]"));
  EXPECT_THAT(commits("11"), Succeeds());
  EXPECT_THAT(commits("99"), FailsWith(Errc::not_found));
}

TEST_F(GitHub, GitGetsItsRootsAndANameForTheKindOfToken) {
  EXPECT_THAT(provider.git_roots(target),
              ElementsAre("https://github.com", "https://gist.github.com", "https://www.github.com"));
  EXPECT_EQ(provider.git_login(target).username, "x-access-token");
  target.login = "octo-dev";
  EXPECT_EQ(provider.git_login(target).username, "octo-dev");
  target.oauth = true;
  EXPECT_EQ(provider.git_login(target).username, "x-access-token");
  endpoints.github_web = "https://git.test";
  EXPECT_THAT(provider.git_roots(target), ElementsAre("https://git.test"));
}

}  // namespace
}  // namespace forgelink
