// SPDX-License-Identifier: MIT
#include <ctime>

#include "tests/providers/forges/forge_fixture.hpp"

namespace forgelink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string root = "https://host.example:8443/git/lab";
const std::string gitlab_api = root + "/api/v4";
const std::string self_url = gitlab_api + "/personal_access_tokens/self";
const std::string gitlab_user_url = gitlab_api + "/user";
constexpr const char* a_self =
    R"({"id": 7, "revoked": false, "active": true, "scopes": ["read_api", "write_repository"], "expires_at": "2027-11-20"})";
constexpr const char* gitlab_user =
    R"({"id": 42, "username": "octo-dev", "name": "Octo Dev", "state": "active",
    "email": "dev@example.org", "public_email": "", "commit_email": "commits@example.org"})";

// A self-managed one below a sub-path: gitlab.com is the same code with another root.
class GitLab : public ForgeFixture {
 protected:
  GitLab() : ForgeFixture("gitlab-self-managed") { target.server_url = root; }
};

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
    EXPECT_EQ(error.url, root +
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
    EXPECT_THAT(error.message, HasSubstr(root));
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

TEST_F(GitLab, ListsProjectsByKeysetToTheEnd) {
  const std::string second = gitlab_api + "/projects?id_after=11";
  client.on(
      gitlab_api + "/projects",
      json_reply(
          R"([{"id": 11, "name": "hello", "path_with_namespace": "octo/sub/hello", "visibility": "private",
      "default_branch": "main", "http_url_to_repo": "https://host.example:8443/git/lab/octo/sub/hello.git", "ssh_url_to_repo": "git@host:octo/sub/hello.git",
      "web_url": "https://host.example:8443/git/lab/octo/sub/hello", "last_activity_at": "2026-11-01T10:00:00.000Z"}])",
          {{"link", "<" + second + ">; rel=\"next\""}}));
  client.on(
      second,
      json_reply(
          R"([{"id": 12, "path_with_namespace": "octo/empty", "visibility": "public", "archived": true, "default_branch": null}])"));
  const auto first = repositories("", 50);
  ASSERT_THAT(first, Succeeds());
  EXPECT_EQ(client.urls().at(0),
            gitlab_api + "/projects?membership=true&per_page=50&pagination=keyset&order_by=id&sort=asc");
  ASSERT_EQ(first->items.size(), 1U);
  EXPECT_EQ(first->items[0].id, "11");
  EXPECT_EQ(first->items[0].path, "octo/sub/hello");
  EXPECT_EQ(first->items[0].is_private, true);
  EXPECT_EQ(rfc3339(*first->items[0].updated_at), "2026-11-01T10:00:00Z");
  const auto rest = repositories(first->next);
  ASSERT_THAT(rest, Succeeds());
  EXPECT_EQ(rest->items.at(0).is_private, false);
  EXPECT_EQ(rest->items.at(0).archived, true);
  EXPECT_EQ(rest->next, "");
}

TEST_F(GitLab, NothingIsSentToAnotherOriginThatANextLinkNames) {
  const std::string evil = "https://evil.example/api/v4/projects?page=2";
  client.on(gitlab_api + "/projects", json_reply("[]", {{"link", "<" + evil + ">; rel=\"next\""}}));
  const auto first = repositories();
  ASSERT_THAT(first, Succeeds());
  EXPECT_TRUE(first->next.empty() || first->next.starts_with(gitlab_api)) << first->next;
  EXPECT_THAT(repositories(evil), FailsWith(Errc::forge_error));
  EXPECT_THAT(commits("a/b", "", evil), FailsWith(Errc::forge_error));
  EXPECT_EQ(client.asked.size(), 1U);
}

std::string commit_by(const std::string& email) {
  return R"({"id": "ed89", "title": "Fix", "message": "Fix\n", "author_name": "N", "author_email": ")" +
         email + R"(", "authored_date": "2026-11-01T12:00:00.000+02:00", "web_url": "https://w"})";
}

TEST_F(GitLab, CommitsKeepTheAuthorsOwnOffset) {
  client.on(gitlab_api + "/projects/octo%2Fsub%2Fhello/repository/commits",
            json_reply("[" + commit_by("dev@example.org") + "]"));
  client.on(gitlab_user_url, json_reply(gitlab_user));
  const auto page = commits(root + "/octo/sub/hello/-/tree/main", "main", "", 20);
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(client.urls().at(0),
            gitlab_api + "/projects/octo%2Fsub%2Fhello/repository/commits?per_page=20&ref_name=main");
  const Commit& commit = page->items.at(0);
  EXPECT_EQ(commit.id, "ed89");
  EXPECT_EQ(commit.title, "Fix");
  EXPECT_EQ(commit.message, "Fix\n");
  EXPECT_EQ(commit.author_date, "2026-11-01T12:00:00.000+02:00");
  EXPECT_EQ(commit.web_url, "https://w");
}

TEST_F(GitLab, AuthorsAreNamedWhereItIsSure) {
  const std::string search = gitlab_api + "/users?search=";
  client.on(gitlab_user_url, json_reply(gitlab_user));
  client.on(search + "mona%40example.org",
            json_reply(R"([{"id": 8, "username": "mona", "name": "Mona Lisa"}])"));
  client.on(search + "nobody%40example.net", json_reply("[]"));
  client.on(search + "two%40example.net", json_reply(R"([{"username": "a"}, {"username": "b"}])"));
  client.on(search + "boss%40example.org",
            json_reply(R"([{"username": "mallory", "name": "Boss <BOSS@example.org>"}])"));
  client.on(
      search + "chief%40example.org",
      json_reply(
          R"([{"username": "mallory", "name": "chief@example.org"}, {"username": "chief", "name": "The Chief"}])"));
  client.on(search + "other%40example.org",
            json_reply(R"([{"username": "x", "public_email": "another@example.org"}])"));
  std::string list;
  const std::vector<std::pair<std::string, std::optional<std::string>>> authors = {
      {"Commits@example.org", "octo-dev"},
      {"9-hidden-hand@users.noreply.host.example", "hidden-hand"},
      {"9-x@users.noreply.gitlab.com", std::nullopt},
      {"mona@example.org", "mona"},
      {"nobody@example.net", std::nullopt},
      {"two@example.net", std::nullopt},
      {"boss@example.org", std::nullopt},
      {"other@example.org", std::nullopt},
      {"chief@example.org", "chief"},
      {"9-hidden-hand@Users.NoReply.Host.Example", "hidden-hand"},
      {"mona@example.org", "mona"},
      {"no address", std::nullopt}};
  for (const auto& author : authors) list += (list.empty() ? "[" : ",") + commit_by(author.first);
  client.on(gitlab_api + "/projects/11/repository/commits", json_reply(list + "]"));
  client.on(search + "9-x%40users.noreply.gitlab.com", json_reply("[]"));

  const auto page = commits("11");
  ASSERT_THAT(page, Succeeds());
  ASSERT_EQ(page->items.size(), authors.size());
  for (std::size_t i = 0; i < authors.size(); ++i)
    EXPECT_EQ(page->items[i].author_username, authors[i].second) << authors[i].first;

  // What was learned is not asked again, that nobody was found included.
  const std::size_t asked = client.asked.size();
  ASSERT_THAT(commits("11"), Succeeds());
  EXPECT_EQ(client.asked.size(), asked + 1);
  EXPECT_EQ(client.urls().back(), gitlab_api + "/projects/11/repository/commits?per_page=100");
}

TEST_F(GitLab, ARefusedSearchEndsTheSearchingAndNotTheList) {
  client.on(gitlab_api + "/projects/11/repository/commits",
            json_reply("[" + commit_by("a@x.org") + "," + commit_by("b@x.org") + "]"));
  client.on(gitlab_user_url, json_reply(403, "{}"));
  client.on(gitlab_api + "/users", json_reply(403, "{}"));
  const auto page = commits("11");
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->items.size(), 2U);
  EXPECT_EQ(client.asked.size(), 3U);
}

TEST_F(GitLab, AnEmptyRepositoryHasNoCommitsAndAMissingOneIsNotFound) {
  const std::string url = gitlab_api + "/projects/octo%2Fx/repository/commits";
  client.on(url, json_reply(404, R"({"message": "404 Repository Not Found"})"));
  client.on(url, json_reply(404, R"({"message": "404 Project Not Found"})"));
  client.on(url, json_reply(404, R"({"message": "404 Reference Not Found"})"));
  client.on(url, html_reply(404));
  const auto empty = commits("octo/x");
  ASSERT_THAT(empty, Succeeds());
  EXPECT_THAT(empty->items, IsEmpty());
  const auto missing = commits("octo/x");
  ASSERT_THAT(missing, FailsWith(Errc::not_found));
  EXPECT_EQ(missing.error().field, "repository");
  const auto branch = commits("octo/x", "gone");
  ASSERT_THAT(branch, FailsWith(Errc::not_found));
  EXPECT_EQ(branch.error().field, "branch");
  EXPECT_THAT(branch.error().message, HasSubstr("gone"));
  const auto proxied = commits("octo/x");
  ASSERT_THAT(proxied, FailsWith(Errc::not_found));
  EXPECT_THAT(proxied.error().hint, HasSubstr("number"));
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

TEST_F(GitLab, PagesOfCommitsAreCountedFromTheNewestOfTheFirst) {
  const std::string url = gitlab_api + "/projects/11/repository/commits";
  client.on(url, json_reply(R"([{"id": "abc", "message": "x"}])",
                            {{"link", "<" + url + "?page=2&ref_name=main>; rel=\"next\""}}));
  const auto page = commits("11", "main");
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->next, url + "?page=2&ref_name=abc");
}

TEST_F(GitLab, AnAddressThatIsNotTheOneGivenHereIsTold) {
  client.on(
      gitlab_api + "/projects",
      json_reply(
          R"([{"id": 1, "path_with_namespace": "a/b", "http_url_to_repo": "https://old-name.example/a/b.git"}])"));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_THAT(page->notice, HasSubstr("https://old-name.example"));
}

TEST(GitLabCloud, IsAtItsOwnRootWithItsOwnNoreplyAddresses) {
  Endpoints endpoints;
  const Provider& provider = *find_provider("gitlab");
  Target target{.endpoints = &endpoints, .connection = "cloud"};
  EXPECT_THAT(provider.git_roots(target), ElementsAre("https://gitlab.com"));
  EXPECT_EQ(provider.git_login(target).username, "oauth2");
  target.login = "octo-dev";
  EXPECT_EQ(provider.git_login(target).username, "octo-dev");
  EXPECT_THAT(provider.token_page(target),
              HasSubstr("https://gitlab.com/-/user_settings/personal_access_tokens?name=Forgelink"));

  ScriptedHttpClient client;
  client.on("https://gitlab.com/api/v4/projects/octo%2Fx/repository/commits",
            json_reply("[" + commit_by("9-mona@users.noreply.gitlab.com") + "]"));
  Loop loop;
  const auto page = loop.run(provider.commits(
      client, target, CommitQuery{"ssh://git@altssh.gitlab.com:443/octo/x.git", ""}, "", 100));
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->items.at(0).author_username, "mona");
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

TEST_F(GitLab, VisibilityThatIsNotToldIsNeitherPrivateNorPublic) {
  client.on("/projects?", json_reply(R"([{"id": 1, "path_with_namespace": "a/b"},
      {"id": 2, "path_with_namespace": "a/c", "visibility": "internal", "archived": false}])"));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->items.at(0).is_private, std::nullopt);
  EXPECT_EQ(page->items.at(0).archived, std::nullopt);
  EXPECT_EQ(page->items.at(1).is_private, true);
  EXPECT_EQ(page->items.at(1).archived, false);
}

TEST_F(GitLab, TheFirstPageSurvivesALinkThatLeadsNowhere) {
  client.on("/projects?", json_reply(R"([{"id": 1, "path_with_namespace": "a/b"}])",
                                     {{"link", "<https://elsewhere.example/sign_in>; rel=\"next\""}}));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->next, "");
  EXPECT_TRUE(page->partial);
  EXPECT_THAT(page->notice, HasSubstr("GitLab"));
}

class GitLabLink : public GitLab, public ::testing::WithParamInterface<const char*> {};

TEST_P(GitLabLink, ToAnotherOriginIsFollowedAtTheOwn) {
  client.on("/projects?", json_reply("[]", {{"link", "<" + std::string(GetParam()) +
                                                         "/api/v4/projects?id_after=7>; rel=\"next\""}}));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->next, gitlab_api + "/projects?id_after=7");
}

INSTANTIATE_TEST_SUITE_P(All, GitLabLink,
                         ::testing::Values("http://gitlab.com", "https://gitlab.com:8443",
                                           "https://vm.internal", ""));

}  // namespace
}  // namespace forgelink
