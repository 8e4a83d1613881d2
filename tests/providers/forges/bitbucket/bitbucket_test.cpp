// SPDX-License-Identifier: MIT
#include "providers/http/basic.hpp"
#include "tests/providers/forges/forge_fixture.hpp"

namespace forgelink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string bitbucket_api = "https://api.bitbucket.org/2.0";
const std::string bitbucket_user_url = bitbucket_api + "/user";
constexpr const char* bitbucket_user =
    R"({"type": "user", "uuid": "{1c0e2a34-0000-4000-8000-000000000001}", "account_id": "557058:aaaa",
    "username": "octodev", "nickname": "Nick", "display_name": "Octo Dev", "links": {}})";
constexpr const char* all_scopes =
    "read:user:bitbucket, read:workspace:bitbucket, read:repository:bitbucket, write:repository:bitbucket";

class Bitbucket : public ForgeFixture {
 protected:
  Bitbucket() : ForgeFixture("bitbucket") {
    target.username = "OctoDev";
    target.email = "dev@example.org";
  }
};

TEST_F(Bitbucket, TellsAccountAndScopes) {
  client.on(bitbucket_user_url, json_reply(bitbucket_user, {{"x-oauth-scopes", all_scopes}}));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_TRUE(said->settled);
  EXPECT_EQ(said->account->id, "{1c0e2a34-0000-4000-8000-000000000001}");
  EXPECT_EQ(said->account->login, "octodev") << "user names compare without case";
  EXPECT_EQ(said->account->email, "dev@example.org");
  EXPECT_EQ(said->scopes->size(), 4U);
  EXPECT_THAT(said->missing_scopes, IsEmpty());
  const auto& request = client.asked.at(0);
  EXPECT_EQ(request.scheme, http::Authorization::Scheme::basic);
  EXPECT_EQ(request.user, "dev@example.org") << "never the user name";
  EXPECT_EQ(request.connection, target.connection);
}

TEST_F(Bitbucket, MissingAndExcessScopesAreNamed) {
  client.on(bitbucket_user_url,
            json_reply(bitbucket_user,
                       {{"x-oauth-scopes",
                         "read:user:bitbucket, read:repository:bitbucket, admin:repository:bitbucket"}}));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_THAT(said->missing_scopes, ElementsAre("read:workspace:bitbucket", "write:repository:bitbucket"));
  EXPECT_THAT(said->excess_scopes, ElementsAre("admin:repository:bitbucket"));
}

TEST_F(Bitbucket, WhoseItWasCountsWhereTheEmailHasGone) {
  target.email.reset();
  target.login = "octodev";
  EXPECT_THAT(verify(), Succeeds());
  target.username = "somebody";
  EXPECT_THAT(verify(), FailsWith(Errc::username_mismatch));
  EXPECT_TRUE(client.asked.empty());
}

TEST_F(Bitbucket, AUsernameThatIsNotTheProfilesIsRefused) {
  target.username = "somebody";
  client.on(bitbucket_user_url, json_reply(bitbucket_user));
  const auto said = verify();
  ASSERT_THAT(said, FailsWith(Errc::username_mismatch));
  EXPECT_EQ(said.error().field, "username");
  EXPECT_THAT(said.error().message, HasSubstr("octodev"));
}

TEST_F(Bitbucket, WhoeverIsCalledLikeTheTokenIsNotNamed) {
  client.on(bitbucket_user_url,
            json_reply(R"({"uuid": "{1}", "username": "x)" + std::string(a_token) + R"("})"));
  const auto said = verify();
  ASSERT_THAT(said, FailsWith(Errc::username_mismatch));
  EXPECT_THAT(said.error(), Refuses(Errc::username_mismatch));
}

TEST_F(Bitbucket, WithoutAUsernameInTheReplyTheNicknameCounts) {
  target.username = "nick";
  client.on(bitbucket_user_url, json_reply(R"({"uuid": "{1}", "nickname": "Nick"})"));
  EXPECT_THAT(verify(), Succeeds());
  ScriptedHttpClient nameless;
  nameless.on(bitbucket_user_url, json_reply(R"({"uuid": "{1}"})"));
  EXPECT_THAT(loop.run(provider.verify(nameless, target)), FailsWith(Errc::forge_error));
}

TEST_F(Bitbucket, WithoutTheEmailItStaysUnsettledAndNothingIsAsked) {
  target.email.reset();
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->settled);
  EXPECT_THAT(*said->hint, HasSubstr("email"));
  const auto list = repositories();
  ASSERT_THAT(list, FailsWith(Errc::invalid_params));
  EXPECT_EQ(list.error().field, "email");
  EXPECT_THAT(commits("a/b"), FailsWith(Errc::invalid_params));
  EXPECT_THAT(client.asked, IsEmpty());
}

TEST_F(Bitbucket, AnAccessTokenHasNoAccountAndGoesAsBearer) {
  use("ATCTT3xFfGN0-for-tests");
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->settled);
  EXPECT_FALSE(said->account);
  EXPECT_THAT(repositories(), FailsWith(Errc::scope_missing));
  EXPECT_THAT(client.asked, IsEmpty());
  client.on(bitbucket_api + "/repositories/octo/hello/commits", json_reply(R"({"values": []})"));
  ASSERT_THAT(commits("octo/hello"), Succeeds());
  EXPECT_EQ(client.asked.at(0).scheme, http::Authorization::Scheme::bearer);
  EXPECT_EQ(client.asked.at(0).user, "");
}

TEST_F(Bitbucket, ATokenThatMayNotReadTheAccountIsGoodWithTooFewScopes) {
  client.on(
      bitbucket_user_url,
      json_reply(
          403,
          R"({"type": "error", "error": {"message": "Your credentials lack one or more required privilege scopes.",
      "detail": {"required": ["read:user:bitbucket"], "granted": ["read:repository:bitbucket"]}}})"));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->account);
  EXPECT_THAT(*said->scopes, ElementsAre("read:repository:bitbucket"));
  EXPECT_THAT(said->missing_scopes,
              ElementsAre("read:user:bitbucket", "read:workspace:bitbucket", "write:repository:bitbucket"));
  EXPECT_THAT(*said->hint, HasSubstr("username"));
}

TEST_F(Bitbucket, ARefusalSaysWhy) {
  Error error = refusal(
      bitbucket_user_url,
      json_reply(
          401,
          R"({"type": "error", "error": {"message": "Token is invalid, expired, or not supported for this endpoint."}})"));
  EXPECT_THAT(error, Refuses(Errc::token_rejected));
  EXPECT_THAT(error.message, HasSubstr("dev@example.org"));
  EXPECT_THAT(error.message, HasSubstr("not supported for this endpoint"));
  EXPECT_THAT(error.hint, HasSubstr("plain Atlassian"));
  EXPECT_THAT(error.url, HasSubstr("id.atlassian.com"));
  EXPECT_THAT(refusal(bitbucket_user_url,
                      reply_of(401, "", {{"www-authenticate", R"(Basic realm="Bitbucket.org HTTP")"}})),
              Refuses(Errc::token_rejected));

  error = refusal(
      bitbucket_user_url,
      json_reply(
          410,
          R"({"type": "error", "error": {"message": "CHANGE-2770 - Functionality has been deprecated"}})"));
  EXPECT_THAT(error, Refuses(Errc::forge_error));
  EXPECT_THAT(error.message, HasSubstr("CHANGE-2770"));
  EXPECT_THAT(refusal(bitbucket_user_url,
                      json_reply(403, R"({"error": {"message": "Access is limited by address"}})")),
              Refuses(Errc::forge_error));

  error = refusal(bitbucket_user_url, reply_of(429, "Rate limit for this resource has been exceeded"));
  EXPECT_THAT(error, Refuses(Errc::rate_limited));
  EXPECT_EQ(error.retry_after, std::chrono::seconds(60));
}

TEST_F(Bitbucket, AListThatTheScopesDoNotAllowNamesWhatIsWantedAndWhatIsThere) {
  client.on(
      bitbucket_api + "/user/workspaces",
      json_reply(
          403,
          R"({"error": {"message": "no", "detail": {"required": ["read:workspace:bitbucket"], "granted": ["read:user:bitbucket"]}}})"));
  const auto page = repositories();
  ASSERT_THAT(page, FailsWith(Errc::scope_missing));
  EXPECT_EQ(page.error().details.at("required"), (boost::json::array{"read:workspace:bitbucket"}));
  EXPECT_EQ(page.error().details.at("granted"), (boost::json::array{"read:user:bitbucket"}));
}

TEST_F(Bitbucket, WhatIsNoAnswerIsAForgeError) {
  for (const char* body : {"", "{", "[]", "7", R"({"uuid": 7, "username": "octodev"})",
                           R"({"uuid": "", "username": "octodev"})"}) {
    EXPECT_THAT(refusal(bitbucket_user_url, json_reply(body)), Refuses(Errc::forge_error)) << body;
  }
  EXPECT_THAT(refusal(bitbucket_user_url, html_reply(200)), Refuses(Errc::forge_error));
  for (const char* body : {"{}", R"({"values": {}})", R"({"values": null})", "[]"}) {
    ScriptedHttpClient scripted;
    scripted.on(bitbucket_api, json_reply(body));
    EXPECT_THAT(loop.run(provider.repositories(scripted, target, "", 100)), FailsWith(Errc::forge_error))
        << body;
  }
}

// Follows the continuation until there is none.
TEST_F(Bitbucket, ListsTheRepositoriesOfAllWorkspacesToTheEnd) {
  client.on(
      bitbucket_api + "/user/workspaces?pagelen=100",
      json_reply(
          R"({"values": [{"workspace": {"slug": "one"}}, {"workspace": {"slug": "empty"}}, {"workspace": null}, 7],
      "next": "https://api.bitbucket.org/2.0/user/workspaces?page=2"})"));
  client.on(bitbucket_api + "/user/workspaces?page=2",
            json_reply(R"({"values": [{"workspace": {"slug": "two"}}]})"));
  client.on(bitbucket_api + "/repositories/one?role=member",
            json_reply(
                R"({"values": [{"uuid": "{11}", "full_name": "one/hello", "name": "Hello", "is_private": true,
      "mainbranch": {"name": "main"}, "updated_on": "2026-11-01T10:00:00.000000+00:00", "links": {"html": {"href": "https://bitbucket.org/one/hello"},
      "clone": [{"name": "https", "href": "https://octodev@bitbucket.org/one/hello.git"}, {"name": "ssh", "href": "git@bitbucket.org:one/hello.git"}, {"name": 7}]}}],
      "next": "https://api.bitbucket.org/2.0/repositories/one?page=2"})"));
  client.on(
      bitbucket_api + "/repositories/one?page=2",
      json_reply(
          R"({"values": [{"uuid": "{12}", "full_name": "one/bare", "mainbranch": null, "links": null}]})"));
  client.on(bitbucket_api + "/repositories/empty", json_reply(R"({"values": []})"));
  client.on(bitbucket_api + "/repositories/two",
            json_reply(R"({"values": [{"uuid": "{13}", "full_name": "two/last"}, {"full_name": "x/y"}]})"));

  std::vector<Repository> all;
  std::string next;
  int pages = 0;
  do {
    auto page = repositories(next, 10);
    ASSERT_THAT(page, Succeeds());
    all.insert(all.end(), page->items.begin(), page->items.end());
    next = page->next;
  } while (!next.empty() && ++pages < 10);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].id, "{11}");
  EXPECT_EQ(all[0].path, "one/hello");
  EXPECT_EQ(all[0].name, "Hello");
  EXPECT_EQ(all[0].is_private, true);
  EXPECT_EQ(all[0].default_branch, "main");
  EXPECT_EQ(all[0].clone_url, "https://bitbucket.org/one/hello.git");
  EXPECT_EQ(all[0].ssh_url, "git@bitbucket.org:one/hello.git");
  EXPECT_EQ(all[1].path, "one/bare");
  EXPECT_EQ(all[2].path, "two/last");
  EXPECT_EQ(client.asked.size(), 6U);
}

TEST_F(Bitbucket, AContinuationAtAnotherOriginIsRefusedBeforeAnythingIsSentThere) {
  EXPECT_THAT(repositories("https://evil.example/x"), FailsWith(Errc::forge_error));
  EXPECT_THAT(repositories("\nhttps://evil.example/x"), FailsWith(Errc::forge_error));
  EXPECT_THAT(commits("a/b", "", "https://evil.example/x"), FailsWith(Errc::forge_error));
  EXPECT_TRUE(client.asked.empty());
}

TEST_F(Bitbucket, ListsCommitsWithTheirAuthors) {
  const std::string url = bitbucket_api + "/repositories/octo/hello/commits?pagelen=30&include=feature%2Fx";
  client.on(url, json_reply(R"({"values": [
     {"hash": "9f3c", "date": "2026-11-01T12:00:00+02:00", "message": "Fix\n", "author": {"raw": "Octo Dev <dev@example.org>", "user": {"nickname": "octodev"}}},
     {"hash": "9f3d", "author": {"raw": "No Address"}}, {"hash": "9f3e", "author": {"raw": "<only@example.org>", "user": null}},
     {"hash": "9f3f", "author": {"raw": "Odd > <"}, "links": {"html": {"href": "https://bitbucket.org/x"}}}, {"hash": 7}],
     "next": "https://api.bitbucket.org/2.0/repositories/octo/hello/commits?page=2"})"));
  client.on(bitbucket_api + "/repositories/octo/hello/commits?page=2",
            json_reply(R"({"values": [{"hash": "aa"}]})"));
  const auto page = commits("git@bitbucket.org:octo/hello.git", "feature/x", "", 30);
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(client.urls().at(0), url);
  ASSERT_EQ(page->items.size(), 4U);
  EXPECT_EQ(page->items[0].title, "Fix");
  EXPECT_EQ(page->items[0].author_name, "Octo Dev");
  EXPECT_EQ(page->items[0].author_email, "dev@example.org");
  EXPECT_EQ(page->items[0].author_username, "octodev");
  EXPECT_EQ(page->items[0].author_date, "2026-11-01T12:00:00+02:00");
  EXPECT_EQ(page->items[0].web_url, "https://bitbucket.org/octo/hello/commits/9f3c");
  EXPECT_EQ(page->items[1].author_name, "No Address");
  EXPECT_FALSE(page->items[1].author_email);
  EXPECT_FALSE(page->items[2].author_name);
  EXPECT_EQ(page->items[2].author_email, "only@example.org");
  EXPECT_EQ(page->items[3].author_name, "Odd > <");
  EXPECT_EQ(page->items[3].web_url, "https://bitbucket.org/x");
  const auto rest = commits("git@bitbucket.org:octo/hello.git", "feature/x", page->next);
  ASSERT_THAT(rest, Succeeds());
  EXPECT_EQ(rest->items.at(0).web_url, "https://bitbucket.org/octo/hello/commits/aa");
  EXPECT_EQ(rest->next, "");
}

TEST_F(Bitbucket, AMissingBranchIsNotFoundByName) {
  client.on(bitbucket_api + "/repositories/octo/hello/commits",
            json_reply(404, R"({"error": {"message": "Commit not found"}})"));
  const auto page = commits("octo/hello", "gone");
  ASSERT_THAT(page, FailsWith(Errc::not_found));
  EXPECT_EQ(page.error().field, "branch");
  EXPECT_THAT(page.error().message, HasSubstr("gone"));
}

TEST_F(Bitbucket, AnIdIsLookedUpInTheLists) {
  client.on(bitbucket_api + "/user/workspaces",
            json_reply(R"({"values": [{"workspace": {"slug": "one"}}]})"));
  client.on(bitbucket_api + "/repositories/one",
            json_reply(R"({"values": [{"uuid": "{11}", "full_name": "one/hello"}]})"));
  client.on(bitbucket_api + "/repositories/one/hello/commits", json_reply(R"({"values": []})"));
  EXPECT_THAT(commits("{11}"), Succeeds());
  EXPECT_THAT(commits("{12}"), FailsWith(Errc::not_found));
}

TEST_F(Bitbucket, GitGetsAFixedNameForTheKindOfToken) {
  EXPECT_EQ(provider.git_login(target).username, "x-bitbucket-api-token-auth");
  use("ATCTT3xFfGN0-for-tests");
  EXPECT_EQ(provider.git_login(target).username, "x-token-auth");
  EXPECT_THAT(provider.git_roots(target), ElementsAre("https://bitbucket.org"));
}

TEST_F(Bitbucket, AnAppPasswordIsRefusedWithTheWayOut) {
  const auto trouble = provider.token_trouble("ATBBabcdef");
  ASSERT_TRUE(trouble);
  EXPECT_EQ(trouble->code, Errc::invalid_params);
  EXPECT_EQ(trouble->field, "token");
  EXPECT_THAT(trouble->hint, HasSubstr("API token"));
  EXPECT_THAT(trouble->url, HasSubstr("id.atlassian.com"));
}

TEST_F(Bitbucket, APlainBranchStandsInThePathAndAnyOtherInTheQuery) {
  client.on("/repositories/octo/hello/commits", json_reply(R"({"values": []})"));
  const std::string url = bitbucket_api + "/repositories/octo/hello/commits";
  for (const auto& [branch, asked] : std::vector<std::pair<std::string, std::string>>{
           {"main", url + "/main?pagelen=100"},
           {"v1.2_x-y", url + "/v1.2_x-y?pagelen=100"},
           {"feature/login", url + "?pagelen=100&include=feature%2Flogin"},
           {"a b#c", url + "?pagelen=100&include=a%20b%23c"}}) {
    ASSERT_THAT(commits("octo/hello", branch), Succeeds());
    EXPECT_EQ(client.urls().back(), asked);
  }
}

TEST_F(Bitbucket, PrivacyThatIsNotToldIsNeitherYesNorNo) {
  client.on("/user/workspaces", json_reply(R"({"values": [{"workspace": {"slug": "one"}}]})"));
  client.on("/repositories/one", json_reply(R"({"values": [{"uuid": "{1}", "full_name": "one/a"}]})"));
  const auto page = repositories();
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->items.at(0).is_private, std::nullopt);
  EXPECT_EQ(page->items.at(0).archived, std::nullopt);
}

TEST_F(Bitbucket, ANextAtAnotherOriginIsFollowedAtTheOwn) {
  client.on(
      "/commits",
      json_reply(R"({"values": [], "next": "http://proxy.internal/2.0/repositories/a/b/commits?page=2"})"));
  const auto page = commits("a/b");
  ASSERT_THAT(page, Succeeds());
  EXPECT_THAT(page->next, ::testing::StartsWith(bitbucket_api + "/repositories/a/b/commits?page=2"));
}

TEST_F(Bitbucket, ARefusalThatRepeatsTheHeaderDoesNotTellTheToken) {
  for (const char* email : {"a@b.example", "ab@b.example", "abc@b.example"}) {
    target.email = email;
    const std::string sent(http::basic_credentials(email, a_token).reveal());
    const Error error =
        refusal(bitbucket_user_url,
                json_reply(400, R"({"error": {"message": "Bad header: Basic )" + sent + R"("}})"));
    EXPECT_EQ(error.message.find(sent.substr(24, 12)), std::string::npos) << error.message;
  }
}

}  // namespace
}  // namespace forgelink
