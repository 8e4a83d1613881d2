// SPDX-License-Identifier: MIT
#include "tests/providers/forges/forge_fixture.hpp"

#include "providers/typed_fields.hpp"

namespace forgelink::data_center_tests {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string server = "https://git.example/bitbucket";
const std::string rest = server + "/rest/api/latest";
constexpr const char* users = R"({"isLastPage": true, "values": [
    {"id": 9, "name": "octo-dev-bot", "slug": "octo-dev-bot"},
    {"id": 7, "name": "Octo-Dev", "slug": "octo-dev", "displayName": "Octo Dev", "emailAddress": "dev@example.org"}]})";
constexpr const char* no_values = R"({"isLastPage": true, "values": []})";

class DataCenter : public ForgeFixture {
 protected:
  DataCenter() : ForgeFixture("bitbucket-data-center") {
    target.server_url = server;
    target.username = "octo-dev";
  }

  void on_whoami(const std::string& body) {
    client.on("/plugins/servlet/applinks/whoami", reply_of(200, body, {{"content-type", "text/plain"}}));
  }
  static http::Reply failure(unsigned status, const std::string& exception) {
    return json_reply(status,
                      R"({"errors": [{"message": "No.", "exceptionName": "com.)" + exception + "\"}]}");
  }
};

TEST_F(DataCenter, TakesTheUserWhoseNameIsTheWholeOne) {
  on_whoami("octo-dev");
  client.on(rest + "/users", json_reply(users));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_EQ(said->account->id, "7");
  EXPECT_EQ(said->account->login, "Octo-Dev");
  EXPECT_EQ(said->account->email, "dev@example.org");
  for (const auto& asked : client.asked) EXPECT_EQ(asked.scheme, http::Authorization::Scheme::bearer);
}

TEST_F(DataCenter, AnEmptyAnswerIsMadeUpForByAHeader) {
  on_whoami("");
  client.on(rest + "/repos", json_reply(no_values, {{"x-ausername", "octo%2Ddev"}}));
  client.on(rest + "/users", json_reply(users));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_EQ(said->account->id, "7");
  EXPECT_THAT(client.urls().back(), HasSubstr("filter=octo-dev"));
}

TEST_F(DataCenter, UsersAreLookedThroughToTheEnd) {
  on_whoami("octo-dev");
  client.on(rest + "/users", json_reply(R"({"isLastPage": false, "nextPageStart": 1, "values": []})"));
  client.on(rest + "/users", json_reply(users));
  EXPECT_THAT(verify(), Succeeds());
}

TEST_F(DataCenter, APageThatComesRoundAgainEndsTheSearch) {
  on_whoami("octo-dev");
  client.on(rest + "/users", json_reply(R"({"isLastPage": false, "nextPageStart": 0, "values": []})"));
  EXPECT_THAT(verify(), FailsWith(Errc::forge_error));
  EXPECT_LE(client.asked.size(), 4u);
}

TEST_F(DataCenter, AnotherUsersTokenIsAMismatch) {
  target.username = "mona";
  on_whoami("octo-dev");
  client.on(rest + "/users", json_reply(users));
  const auto said = verify();
  ASSERT_THAT(said, FailsWith(Errc::username_mismatch));
  EXPECT_EQ(said.error().field, "username");
}

TEST_F(DataCenter, ATokenWithoutAPersonStaysUnverified) {
  on_whoami("");
  client.on(rest + "/repos", json_reply(no_values));
  const auto said = verify();
  ASSERT_THAT(said, Succeeds());
  EXPECT_FALSE(said->settled);
  EXPECT_FALSE(said->account);
  EXPECT_TRUE(said->hint);
}

TEST_F(DataCenter, ATokenWithoutAPersonIsForBearerOnly) {
  EXPECT_FALSE(provider.git_login(target).bearer_only);
  target.without_identity = true;
  EXPECT_TRUE(provider.git_login(target).bearer_only);
  target.login = "octo-dev";
  EXPECT_FALSE(provider.git_login(target).bearer_only);
  EXPECT_EQ(provider.git_login(target).username, "octo-dev");
}

TEST_F(DataCenter, ADeadTokenIsRejected) {
  EXPECT_THAT(refusal("https://git.example", failure(401, "AuthenticationFailed")),
              Refuses(Errc::token_rejected));
}

TEST_F(DataCenter, ListsPagesUntilTheLast) {
  client.on(rest + "/repos",
            json_reply(R"({"isLastPage": false, "nextPageStart": 2, "values": [{"id": 1, "slug": "hello",
                "name": "Hello", "public": false, "project": {"key": "PROJ"}, "links": {"clone": [
                {"name": "ssh", "href": "ssh://git@git.example:7999/proj/hello.git"},
                {"name": "http", "href": "https://octo-dev@git.example/bitbucket/scm/proj/hello.git"}]}}]})"));
  client.on(rest + "/repos", json_reply(no_values));
  const auto first = repositories();
  ASSERT_THAT(first, Succeeds());
  EXPECT_EQ(first->items.at(0).path, "PROJ/hello");
  EXPECT_EQ(first->items.at(0).clone_url, "https://git.example/bitbucket/scm/proj/hello.git");
  const auto second = repositories(first->next);
  ASSERT_THAT(second, Succeeds());
  EXPECT_THAT(client.urls().back(), HasSubstr("start=2"));
  EXPECT_EQ(second->next, "");
}

TEST_F(DataCenter, LinkedAuthorsHaveAUserName) {
  client.on(rest + "/projects/PROJ/repos/hello/commits", json_reply(R"({"isLastPage": true, "values": [
                {"id": "aa", "message": "One\n\nMore", "authorTimestamp": 1793527200000,
                 "author": {"name": "octo-dev", "slug": "octo-dev", "displayName": "Octo Dev", "emailAddress": "a@b"}},
                {"id": "bb", "message": "Two", "author": {"name": "Somebody", "emailAddress": "c@d"}}]})"));
  const auto page = commits("PROJ/hello");
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->items.at(0).author_username, "octo-dev");
  EXPECT_EQ(page->items.at(0).author_name, "Octo Dev");
  EXPECT_EQ(page->items.at(0).title, "One");
  EXPECT_EQ(page->items.at(0).author_date, "2026-11-01T10:00:00Z");
  EXPECT_EQ(page->items.at(1).author_username, std::nullopt);
  EXPECT_EQ(page->items.at(1).author_name, "Somebody");
}

class DataCenterName : public DataCenter, public testing::WithParamInterface<const char*> {};

TEST_P(DataCenterName, NamesTheRepository) {
  client.on(rest, json_reply(no_values));
  EXPECT_THAT(commits(GetParam()), Succeeds());
  EXPECT_THAT(client.urls().back(), HasSubstr("/projects/PROJ/repos/hello/commits"));
}

INSTANTIATE_TEST_SUITE_P(All, DataCenterName,
                         testing::Values("PROJ/hello", "https://git.example/bitbucket/scm/PROJ/hello.git",
                                         "https://git.example/bitbucket/projects/PROJ/repos/hello/browse",
                                         "ssh://git@git.example:7999/PROJ/hello.git"));

TEST_F(DataCenter, APlainPathThatGoesOnNamesNone) {
  EXPECT_THAT(commits("PROJ/hello/extra"), FailsWith(Errc::invalid_params));
  EXPECT_TRUE(client.asked.empty());
}

TEST_F(DataCenter, APersonsRepositoryIsInTheProjectOfTheirName) {
  client.on(rest, json_reply(no_values));
  EXPECT_THAT(commits("https://git.example/bitbucket/users/octo-dev/repos/hello/browse"), Succeeds());
  EXPECT_THAT(client.urls().back(), HasSubstr("/projects/~octo-dev/repos/hello/commits"));
}

TEST_F(DataCenter, AnEmptyRepositoryIsAnEmptyList) {
  client.on(rest, failure(404, "NoDefaultBranchException"));
  const auto page = commits("PROJ/empty");
  ASSERT_THAT(page, Succeeds());
  EXPECT_TRUE(page->items.empty());
}

TEST_F(DataCenter, ABranchThatIsNotThereIsNamed) {
  client.on(rest, failure(404, "NoSuchCommitException"));
  const auto page = commits("PROJ/hello", "gone");
  ASSERT_THAT(page, FailsWith(Errc::not_found));
  EXPECT_EQ(page.error().field, "branch");
}

TEST_F(DataCenter, CommitsAreCountedFromTheNewestOfTheFirstPage) {
  client.on(rest, json_reply(R"({"isLastPage": false, "nextPageStart": 1, "values": [{"id": "aa"}]})"));
  const auto page = commits("PROJ/hello");
  ASSERT_THAT(page, Succeeds());
  EXPECT_EQ(page->next, "1 aa");
  (void)commits("PROJ/hello", "", page->next);
  EXPECT_THAT(client.urls().back(), HasSubstr("until=aa"));
}

struct Typed {
  const char *typed, *root;
};
class DataCenterAddress : public testing::TestWithParam<Typed> {};

TEST_P(DataCenterAddress, IsCutToTheRoot) {
  const Endpoints endpoints;
  TypedFields fields{.username = "o", .server_url = GetParam().typed};
  ASSERT_THAT(normalise(*find_provider("bitbucket-data-center"), fields, endpoints, false, false),
              Succeeds());
  EXPECT_EQ(fields.server_url, GetParam().root);
}

INSTANTIATE_TEST_SUITE_P(
    All, DataCenterAddress,
    testing::Values(Typed{"https://git.example:7990", "https://git.example:7990"},
                    Typed{"https://git.example/bitbucket/scm/P/r.git", "https://git.example/bitbucket"},
                    Typed{"https://git.example/projects/P/repos/r/browse", "https://git.example"},
                    Typed{"https://git.example/ctx/rest/api/1.0", "https://git.example/ctx"},
                    Typed{"https://git.example/ctx/plugins/servlet/access-tokens/manage",
                          "https://git.example/ctx"}));

TEST(DataCenterServer, WhatIsNoWebAddressOfItIsRefused) {
  const Endpoints endpoints;
  for (const char* typed :
       {"ssh://git@git.example:7999/p/r.git", "https://git.example:7999", "https://bitbucket.org"}) {
    TypedFields fields{.username = "o", .server_url = typed};
    EXPECT_THAT(normalise(*find_provider("bitbucket-data-center"), fields, endpoints, false, false),
                FailsWith(Errc::invalid_params))
        << typed;
  }
}

TEST(DataCenterServer, NeedsAUserName) {
  const Endpoints endpoints;
  TypedFields fields{.server_url = "https://git.example"};
  EXPECT_THAT(normalise(*find_provider("bitbucket-data-center"), fields, endpoints, false, false),
              FailsWith(Errc::username_required));
}

TEST(DataCenterServer, TakesNoTokenOfTheCloud) {
  EXPECT_TRUE(find_provider("bitbucket-data-center")->token_trouble("ATATT3xFfGF00123456789"));
  EXPECT_FALSE(find_provider("bitbucket-data-center")->token_trouble("MDM0NjQxOTc0NzQ4"));
}

}  // namespace
}  // namespace forgelink::data_center_tests
