// SPDX-License-Identifier: MIT
#include "tests/providers/forges/gitlab/gitlab_fixture.hpp"

namespace forgelink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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
  const auto page = commits(gitlab_root + "/octo/sub/hello/-/tree/main", "main", "", 20);
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
